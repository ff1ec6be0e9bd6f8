import { AdServiceService } from '../../src/genproto/hipstershop/ad.ts';
import { CartServiceService } from '../../src/genproto/hipstershop/cart.ts';
import { CheckoutServiceService, type PlaceOrderRequest } from '../../src/genproto/hipstershop/checkout.ts';
import { CurrencyServiceService } from '../../src/genproto/hipstershop/currency.ts';
import { EmailServiceService } from '../../src/genproto/hipstershop/email.ts';
import type { Money } from '../../src/genproto/hipstershop/money.ts';
import { type CreditCardInfo, PaymentServiceService } from '../../src/genproto/hipstershop/payment.ts';
import { ProductCatalogServiceService } from '../../src/genproto/hipstershop/product_catalog.ts';
import { RecommendationServiceService } from '../../src/genproto/hipstershop/recommendation.ts';
import { ShippingServiceService } from '../../src/genproto/hipstershop/shipping.ts';
import type { ObservedCall } from '../../src/lib/grpc/observer.ts';
import { failureOfCall } from '../../src/lib/testing/test-client.ts';
import type { ServiceName } from '../../src/topology.ts';
import { orderOf, type Shopper, shopperWithBelongings } from './bystander.ts';
import { bytesField, outcomeOfBytes } from './raw-grpc.ts';
import { startTestShop, type TestShop } from './test-shop.ts';

const CALLER = 'caller';
const LONG = 'x'.repeat(10_000);
const CONTROL = 'a\u0000b';
// A lone surrogate has no bytes in UTF-8: a library that encodes it at all sends U+FFFD.
const SURROGATE = 'a\ud800b';

const clientsOf = (shop: TestShop) => ({
  ad: shop.client(AdServiceService, 'adservice'),
  cart: shop.client(CartServiceService, 'cartservice'),
  catalogue: shop.client(ProductCatalogServiceService, 'productcatalogservice'),
  checkout: shop.client(CheckoutServiceService, 'checkoutservice'),
  currency: shop.client(CurrencyServiceService, 'currencyservice'),
  email: shop.client(EmailServiceService, 'emailservice'),
  payment: shop.client(PaymentServiceService, 'paymentservice'),
  recommendation: shop.client(RecommendationServiceService, 'recommendationservice'),
  shipping: shop.client(ShippingServiceService, 'shippingservice'),
});
type Clients = ReturnType<typeof clientsOf>;
type Row = readonly [what: string, call: (to: Clients) => Promise<unknown>, answer: string];

const eur = (units: bigint, nanos: number, currencyCode = 'EUR'): Money => ({ currencyCode, units, nanos });
const tenEuro = eur(10n, 0);
const address = orderOf(CALLER).address;
const card = orderOf(CALLER).creditCard;
const goodCard: CreditCardInfo = {
  creditCardNumber: '4432801561520454',
  creditCardCvv: 672,
  creditCardExpirationYear: 9999,
  creditCardExpirationMonth: 12,
};

const add = (quantity: number, ids: { userId?: string; productId?: string } = {}) => async (to: Clients) =>
  await to.cart.addItem({ userId: ids.userId ?? CALLER, item: { productId: ids.productId ?? 'OLJCESPC7Z', quantity } });
const cartRows: Row[] = [
  ...[0, -1, 11, 2 ** 31 - 1, -(2 ** 31)].map(
    (quantity): Row => [`a quantity of ${quantity}`, add(quantity), 'INVALID_ARGUMENT ITEM_QUANTITY_INVALID'],
  ),
  ...Object.entries({ empty: '', 'of 10 kB': LONG, 'with control characters': CONTROL, 'with a lone surrogate': SURROGATE })
    .flatMap(([what, id]): Row[] => [
      [`a product id ${what}`, add(1, { productId: id }), 'INVALID_ARGUMENT ITEM_PRODUCT_ID_INVALID'],
      [`a user id ${what}`, add(1, { userId: id }), 'INVALID_ARGUMENT USER_ID_INVALID'],
      [`a cart of a user ${what}`, (to) => to.cart.getCart({ userId: id }), 'INVALID_ARGUMENT USER_ID_INVALID'],
      [`an emptied cart of a user ${what}`, (to) => to.cart.emptyCart({ userId: id }), 'INVALID_ARGUMENT USER_ID_INVALID'],
      [
        `a cart emptied at a version ${what}`,
        (to) => to.cart.emptyCart({ userId: CALLER, ifVersion: id }),
        'INVALID_ARGUMENT IF_VERSION_INVALID',
      ],
    ]),
  ['no item', (to) => to.cart.addItem({ userId: CALLER, item: undefined }), 'INVALID_ARGUMENT ITEM_INVALID'],
];

const catalogueRows: Row[] = [
  ['an unknown product', (to) => to.catalogue.getProduct({ id: 'NOSUCHTHNG' }), 'NOT_FOUND PRODUCT_UNKNOWN'],
  ['an inherited name as a product', (to) => to.catalogue.getProduct({ id: '__proto__' }), 'NOT_FOUND PRODUCT_UNKNOWN'],
  ...['', LONG, CONTROL, SURROGATE].flatMap((id): Row[] => [
    [`a product ${id.slice(0, 3)}`, (to) => to.catalogue.getProduct({ id }), 'INVALID_ARGUMENT ID_INVALID'],
    [`a product of many ${id.slice(0, 3)}`, (to) => to.catalogue.batchGetProducts({ ids: [id] }), 'INVALID_ARGUMENT IDS_INVALID'],
    [
      `recommendations beside ${id.slice(0, 3)}`,
      (to) => to.recommendation.listRecommendations({ userId: CALLER, productIds: [id] }),
      'INVALID_ARGUMENT PRODUCT_IDS_INVALID',
    ],
    [
      `recommendations for ${id.slice(0, 3)}`,
      (to) => to.recommendation.listRecommendations({ userId: id, productIds: [] }),
      'INVALID_ARGUMENT USER_ID_INVALID',
    ],
  ]),
  ...[LONG, CONTROL, SURROGATE].flatMap((text): Row[] => [
    [`a search for ${text.slice(0, 3)}`, (to) => to.catalogue.searchProducts({ query: text }), 'INVALID_ARGUMENT QUERY_INVALID'],
    [`ads for ${text.slice(0, 3)}`, (to) => to.ad.getAds({ contextKeys: [text] }), 'INVALID_ARGUMENT CONTEXT_KEYS_INVALID'],
  ]),
  ['101 products', (to) => to.catalogue.batchGetProducts({ ids: Array(101).fill('a') }), 'INVALID_ARGUMENT IDS_INVALID'],
  ['101 context keys', (to) => to.ad.getAds({ contextKeys: Array(101).fill('a') }), 'INVALID_ARGUMENT CONTEXT_KEYS_INVALID'],
  [
    '101 products to recommend beside',
    (to) => to.recommendation.listRecommendations({ userId: CALLER, productIds: Array(101).fill('a') }),
    'INVALID_ARGUMENT PRODUCT_IDS_INVALID',
  ],
];

const MALFORMED_MONEY: Readonly<Record<string, Money | undefined>> = {
  'no amount': undefined,
  'an amount with nanos below its units': eur(1n, -1),
  'an amount with nanos above its units': eur(-1n, 1),
  'an amount with too many nanos': eur(0n, 1_000_000_000),
  'an amount with too few nanos': eur(0n, -(2 ** 31)),
  'an amount of no currency': eur(1n, 0, ''),
  'an amount of a lower-case currency': eur(1n, 0, 'eur'),
  'an amount of a currency with a lone surrogate': eur(1n, 0, 'E\ud800R'),
};
const refund = (amount: Money | undefined, transactionId = 'no-such', idempotencyKey = 'key') => async (to: Clients) =>
  await to.payment.refund({ transactionId, amount, idempotencyKey });
const moneyRows: Row[] = [
  ...Object.entries(MALFORMED_MONEY).flatMap(([what, from]): Row[] => [
    [`${what} to convert`, (to) => to.currency.convert({ from, toCode: 'USD' }), 'INVALID_ARGUMENT MONEY_INVALID'],
    [`${what} to charge`, (to) => to.payment.charge({ amount: from, creditCard: goodCard }), 'INVALID_ARGUMENT AMOUNT_INVALID'],
    [`${what} to refund`, refund(from), 'INVALID_ARGUMENT AMOUNT_INVALID'],
  ]),
  ['an unknown currency', (to) => to.currency.convert({ from: eur(1n, 0, 'XXX'), toCode: 'EUR' }), 'INVALID_ARGUMENT CURRENCY_UNKNOWN'],
  ...['AED', '', 'eur', LONG, CONTROL].map(
    (toCode): Row => [
      `a conversion to ${toCode.slice(0, 3)}`,
      (to) => to.currency.batchConvert({ from: [tenEuro], toCode }),
      'INVALID_ARGUMENT CURRENCY_UNKNOWN',
    ],
  ),
  ['101 amounts', (to) => to.currency.batchConvert({ from: Array(101).fill(tenEuro), toCode: 'USD' }), 'INVALID_ARGUMENT FROM_INVALID'],
  ['more than there are numbers for', (to) => to.currency.convert({ from: eur(2n ** 63n - 1n, 0), toCode: 'USD' }), 'INVALID_ARGUMENT MONEY_OUT_OF_RANGE'],
  ['nothing to charge', (to) => to.payment.charge({ amount: eur(0n, 0), creditCard: goodCard }), 'INVALID_ARGUMENT AMOUNT_INVALID'],
  ['less than nothing to charge', (to) => to.payment.charge({ amount: eur(-1n, 0), creditCard: goodCard }), 'INVALID_ARGUMENT AMOUNT_INVALID'],
  ['a refund of an unknown transaction', refund(tenEuro), 'NOT_FOUND TRANSACTION_UNKNOWN'],
  ['a refund of no transaction', refund(tenEuro, ''), 'INVALID_ARGUMENT TRANSACTION_ID_INVALID'],
  ['a refund without a key', refund(tenEuro, 'no-such', ''), 'INVALID_ARGUMENT IDEMPOTENCY_KEY_INVALID'],
  ['a charge of an unknown key', (to) => to.payment.getCharge({ idempotencyKey: 'never' }), 'NOT_FOUND CHARGE_UNKNOWN'],
  ['a charge of no key', (to) => to.payment.getCharge({ idempotencyKey: '' }), 'INVALID_ARGUMENT IDEMPOTENCY_KEY_INVALID'],
];
