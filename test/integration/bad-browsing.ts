import { type BadCall, CALLER, NO_IDS, NO_TEXTS, tooMany } from './bad-call.ts';
import type { ShopClients } from './shop-clients.ts';

const add =
  (quantity: number, ids: { userId?: string; productId?: string } = {}) =>
  async (to: ShopClients) => {
    const { userId = CALLER, productId = 'OLJCESPC7Z' } = ids;
    return await to.cart.addItem({ userId, item: { productId, quantity } });
  };

const recommend =
  (productIds: string[], userId = CALLER) =>
  async (to: ShopClients) =>
    await to.recommendation.listRecommendations({ userId, productIds });

/** Bad requests to the services that a shopper browses with: cart, catalogue, recommendations and ads. */
export const badBrowsing: readonly BadCall[] = [
  ...[0, -1, 11, 2 ** 31 - 1, -(2 ** 31)].map(
    (quantity): BadCall => [`add ${quantity} pieces`, add(quantity), 'INVALID_ARGUMENT ITEM_QUANTITY_INVALID'],
  ),
  ['add nothing', (to) => to.cart.addItem({ userId: CALLER, item: undefined }), 'INVALID_ARGUMENT ITEM_INVALID'],
  ...NO_IDS.flatMap(([what, text]): BadCall[] => [
    [`add a product id ${what}`, add(1, { productId: text }), 'INVALID_ARGUMENT ITEM_PRODUCT_ID_INVALID'],
    [`add for a user id ${what}`, add(1, { userId: text }), 'INVALID_ARGUMENT USER_ID_INVALID'],
    [`the cart of a user id ${what}`, (to) => to.cart.getCart({ userId: text }), 'INVALID_ARGUMENT USER_ID_INVALID'],
    [`empty for a user id ${what}`, (to) => to.cart.emptyCart({ userId: text }), 'INVALID_ARGUMENT USER_ID_INVALID'],
    [
      `empty at a version ${what}`,
      (to) => to.cart.emptyCart({ userId: CALLER, ifVersion: text }),
      'INVALID_ARGUMENT IF_VERSION_INVALID',
    ],
    [`a product with an id ${what}`, (to) => to.catalogue.getProduct({ id: text }), 'INVALID_ARGUMENT ID_INVALID'],
    [
      `a batch of products, one with an id ${what}`,
      (to) => to.catalogue.batchGetProducts({ ids: ['OLJCESPC7Z', text] }),
      'INVALID_ARGUMENT IDS_INVALID',
    ],
    [`recommendations for a user id ${what}`, recommend([], text), 'INVALID_ARGUMENT USER_ID_INVALID'],
    [`recommendations for a product id ${what}`, recommend([text]), 'INVALID_ARGUMENT PRODUCT_IDS_INVALID'],
  ]),
  ...NO_TEXTS.flatMap(([what, text]): BadCall[] => [
    [
      `a search for a text ${what}`,
      (to) => to.catalogue.searchProducts({ query: text }),
      'INVALID_ARGUMENT QUERY_INVALID',
    ],
    [
      `ads for a key ${what}`,
      (to) => to.ad.getAds({ contextKeys: ['kitchen', text] }),
      'INVALID_ARGUMENT CONTEXT_KEYS_INVALID',
    ],
  ]),
  ['an unknown product', (to) => to.catalogue.getProduct({ id: 'NOSUCHTHNG' }), 'NOT_FOUND PRODUCT_UNKNOWN'],
  [
    'a product whose id is a property of every object',
    (to) => to.catalogue.getProduct({ id: '__proto__' }),
    'NOT_FOUND PRODUCT_UNKNOWN',
  ],
  ['101 products', (to) => to.catalogue.batchGetProducts({ ids: tooMany('a') }), 'INVALID_ARGUMENT IDS_INVALID'],
  ['recommendations for 101 products', recommend(tooMany('a')), 'INVALID_ARGUMENT PRODUCT_IDS_INVALID'],
  ['ads for 101 keys', (to) => to.ad.getAds({ contextKeys: tooMany('a') }), 'INVALID_ARGUMENT CONTEXT_KEYS_INVALID'],
];
