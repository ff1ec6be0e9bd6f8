import type { Address } from '../../src/genproto/hipstershop/address.ts';
import type { CartItem } from '../../src/genproto/hipstershop/cart.ts';
import type { PlaceOrderRequest } from '../../src/genproto/hipstershop/checkout.ts';
import type { OrderResult } from '../../src/genproto/hipstershop/order.ts';
import { type BadCall, CALLER, NO_IDS, NO_TEXTS, tooMany } from './bad-call.ts';
import { NO_CARDS } from './bad-money.ts';
import type { ShopClients } from './shop-clients.ts';
import { goodAddress, orderOf } from './shopper-state.ts';

const mug: CartItem = { productId: '6E92ZMYYFZ', quantity: 1 };

type BadItems = readonly [what: string, items: CartItem[], reason: string];

const BAD_ITEMS: readonly BadItems[] = [
  ...[0, -1, 1001, 2 ** 31 - 1].map(
    (quantity): BadItems => [`${quantity} pieces`, [{ ...mug, quantity }], 'ITEMS_QUANTITY_INVALID'],
  ),
  ['101 lines', tooMany(mug), 'ITEMS_INVALID'],
  ...NO_IDS.map(
    ([what, productId]): BadItems => [`an id ${what}`, [{ ...mug, productId }], 'ITEMS_PRODUCT_ID_INVALID'],
  ),
];

const BAD_ADDRESSES: readonly (readonly [what: string, address: Address | undefined, reason: string])[] = [
  ['no address', undefined, 'ADDRESS_INVALID'],
  ...NO_TEXTS.flatMap(([what, text]) => [
    [`a street ${what}`, { ...goodAddress, streetAddress: text }, 'ADDRESS_STREET_ADDRESS_INVALID'] as const,
    [`a city ${what}`, { ...goodAddress, city: text }, 'ADDRESS_CITY_INVALID'] as const,
    [`a state ${what}`, { ...goodAddress, state: text }, 'ADDRESS_STATE_INVALID'] as const,
    [`a country ${what}`, { ...goodAddress, country: text }, 'ADDRESS_COUNTRY_INVALID'] as const,
    [`a postal code ${what}`, { ...goodAddress, postalCode: text }, 'ADDRESS_POSTAL_CODE_INVALID'] as const,
  ]),
];

const BAD_EMAILS: readonly (readonly [what: string, email: string])[] = [
  ...NO_IDS,
  ['without an @', 'someone.example.com'],
  ['with two @', 'someone@else@example.com'],
  ['of two recipients', 'ann,bob@example.com'],
  ['with two dots in its domain', 'someone@example..com'],
  ['followed by a header', 'someone@example.com\r\nBcc: all@example.com'],
];

const place = (request: Partial<PlaceOrderRequest>) => async (to: ShopClients) =>
  await to.checkout.placeOrder({ ...orderOf(CALLER), ...request });

/** Bad requests to checkout that it refuses before an order exists. */
export const badCheckout: readonly BadCall[] = [
  ...NO_IDS.flatMap(([what, text]): BadCall[] => [
    [`order for a user ${what}`, place({ userId: text }), 'INVALID_ARGUMENT USER_ID_INVALID'],
    [`order with a key ${what}`, place({ idempotencyKey: text }), 'INVALID_ARGUMENT IDEMPOTENCY_KEY_INVALID'],
    [`order in a currency ${what}`, place({ userCurrency: text }), 'INVALID_ARGUMENT USER_CURRENCY_INVALID'],
    [
      `an order of an id ${what}`,
      (to) => to.checkout.getOrder({ userId: CALLER, orderId: text }),
      'INVALID_ARGUMENT ORDER_ID_INVALID',
    ],
    [
      `the events of an order of an id ${what}`,
      (to) => to.checkout.getOrderEvents({ orderId: text }),
      'INVALID_ARGUMENT ORDER_ID_INVALID',
    ],
    [
      `erasing the mails of an order of an id ${what}`,
      (to) => to.email.eraseMails({ orderId: text }),
      'INVALID_ARGUMENT ORDER_ID_INVALID',
    ],
    [
      `the orders of a user ${what}`,
      (to) => to.checkout.listOrders({ userId: text, pageSize: 0, pageToken: '' }),
      'INVALID_ARGUMENT USER_ID_INVALID',
    ],
  ]),
  ...BAD_ADDRESSES.map(
    ([what, address, reason]): BadCall => [`order to ${what}`, place({ address }), `INVALID_ARGUMENT ${reason}`],
  ),
  [
    'order without a street',
    place({ address: { ...goodAddress, streetAddress: '' } }),
    'INVALID_ARGUMENT ADDRESS_STREET_ADDRESS_INVALID',
  ],
  [
    'order to zip code -1',
    place({ address: { ...goodAddress, zipCode: -1 } }),
    'INVALID_ARGUMENT ADDRESS_ZIP_CODE_INVALID',
  ],
  ...BAD_EMAILS.map(
    ([what, email]): BadCall => [`order for an email ${what}`, place({ email }), 'INVALID_ARGUMENT EMAIL_INVALID'],
  ),
  ['order in an unknown currency', place({ userCurrency: 'XXX' }), 'INVALID_ARGUMENT USER_CURRENCY_INVALID'],
  ['order without a card', place({ creditCard: undefined }), 'INVALID_ARGUMENT CREDIT_CARD_INVALID'],
  ...NO_CARDS.map(
    ([what, creditCard, reason]): BadCall => [
      `order with a card ${what}`,
      place({ creditCard }),
      `INVALID_ARGUMENT ${reason}`,
    ],
  ),
  ['order an empty cart', place({ userId: 'owns-nothing' }), 'FAILED_PRECONDITION CART_EMPTY'],
  [
    'order a product that the catalogue does not have',
    async (to) => {
      await to.cart.addItem({ userId: 'wants-too-much', item: { productId: 'NOSUCHTHNG', quantity: 1 } });
      return await place({ userId: 'wants-too-much' })(to);
    },
    'FAILED_PRECONDITION PRODUCT_GONE',
  ],
  [
    'the events of an unknown order',
    (to) => to.checkout.getOrderEvents({ orderId: 'no-such' }),
    'NOT_FOUND ORDER_UNKNOWN',
  ],
  ['an unknown order', (to) => to.checkout.getOrder({ userId: CALLER, orderId: 'no-such' }), 'NOT_FOUND ORDER_UNKNOWN'],
  ...[-1, -(2 ** 31)].map(
    (pageSize): BadCall => [
      `orders by pages of ${pageSize}`,
      (to) => to.checkout.listOrders({ userId: CALLER, pageSize, pageToken: '' }),
      'INVALID_ARGUMENT PAGE_SIZE_INVALID',
    ],
  ),
  ...NO_TEXTS.map(
    ([what, pageToken]): BadCall => [
      `orders from a page ${what}`,
      (to) => to.checkout.listOrders({ userId: CALLER, pageSize: 0, pageToken }),
      'INVALID_ARGUMENT PAGE_TOKEN_INVALID',
    ],
  ),
];

const mailedOrder: OrderResult = {
  orderId: 'an-order',
  shippingTrackingId: '',
  shippingCost: { currencyCode: 'EUR', units: 8n, nanos: 0 },
  shippingAddress: goodAddress,
  items: [{ item: mug, cost: { currencyCode: 'EUR', units: 7n, nanos: 950_000_000 } }],
};
const confirm =
  (order: Partial<OrderResult> | undefined, email = 'someone@example.com') =>
  async (to: ShopClients) =>
    await to.email.sendOrderConfirmation({ email, order: order && { ...mailedOrder, ...order } });
const cancel = (request: object) => async (to: ShopClients) =>
  await to.email.sendOrderCancellation({
    email: 'someone@example.com',
    order: mailedOrder,
    refunded: undefined,
    idempotencyKey: 'cancellation',
    ...request,
  });

/** Bad requests to shipping and email. */
export const badDelivery: readonly BadCall[] = [
  ...BAD_ITEMS.flatMap(([what, items, reason]): BadCall[] => [
    [`quote ${what}`, (to) => to.shipping.getQuote({ address: undefined, items }), `INVALID_ARGUMENT ${reason}`],
    [`ship ${what}`, (to) => to.shipping.shipOrder({ address: goodAddress, items }), `INVALID_ARGUMENT ${reason}`],
  ]),
  [
    'ship no items',
    (to) => to.shipping.shipOrder({ address: goodAddress, items: [] }),
    'INVALID_ARGUMENT ITEMS_INVALID',
  ],
  ...BAD_ADDRESSES.map(
    ([what, address, reason]): BadCall => [
      `ship to ${what}`,
      (to) => to.shipping.shipOrder({ address, items: [mug] }),
      `INVALID_ARGUMENT ${reason}`,
    ],
  ),
  ...NO_TEXTS.map(
    ([what, trackingId]): BadCall => [
      `cancel a shipment ${what}`,
      (to) => to.shipping.cancelShipment({ trackingId, idempotencyKey: '' }),
      'INVALID_ARGUMENT TRACKING_ID_INVALID',
    ],
  ),
  [
    'cancel a shipment without an id',
    (to) => to.shipping.cancelShipment({ trackingId: '', idempotencyKey: '' }),
    'INVALID_ARGUMENT TRACKING_ID_INVALID',
  ],
  [
    'cancel an unknown shipment',
    (to) => to.shipping.cancelShipment({ trackingId: 'no-such', idempotencyKey: '' }),
    'NOT_FOUND SHIPMENT_UNKNOWN',
  ],
  ...BAD_EMAILS.flatMap(([what, email]): BadCall[] => [
    [`confirm to an address ${what}`, confirm({}, email), 'INVALID_ARGUMENT EMAIL_INVALID'],
    [`cancel to an address ${what}`, cancel({ email }), 'INVALID_ARGUMENT EMAIL_INVALID'],
  ]),
  ['confirm no order', confirm(undefined), 'INVALID_ARGUMENT ORDER_INVALID'],
  ['confirm an order without an id', confirm({ orderId: '' }), 'INVALID_ARGUMENT ORDER_ORDER_ID_INVALID'],
  [
    'confirm an order without shipping',
    confirm({ shippingCost: undefined }),
    'INVALID_ARGUMENT ORDER_SHIPPING_COST_INVALID',
  ],
  [
    'confirm 101 lines',
    confirm({ items: tooMany({ item: mug, cost: undefined }) }),
    'INVALID_ARGUMENT ORDER_ITEMS_INVALID',
  ],
  [
    'confirm a line without an item',
    confirm({ items: [{ item: undefined, cost: undefined }] }),
    'INVALID_ARGUMENT ORDER_ITEMS_ITEM_INVALID',
  ],
  [
    'confirm a line in another currency',
    confirm({ items: [{ item: mug, cost: { currencyCode: 'USD', units: 1n, nanos: 0 } }] }),
    'INVALID_ARGUMENT ORDER_ITEMS_COST_INVALID',
  ],
  [
    'cancel with a refund below zero',
    cancel({ refunded: { currencyCode: 'EUR', units: -1n, nanos: 0 } }),
    'INVALID_ARGUMENT REFUNDED_INVALID',
  ],
  ['cancel without a key', cancel({ idempotencyKey: '' }), 'INVALID_ARGUMENT IDEMPOTENCY_KEY_INVALID'],
];
