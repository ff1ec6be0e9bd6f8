import * as fc from 'fast-check';
import { AdServiceDefinition } from '../../src/genproto/hipstershop/ad.ts';
import { CartServiceDefinition } from '../../src/genproto/hipstershop/cart.ts';
import { CheckoutServiceDefinition } from '../../src/genproto/hipstershop/checkout.ts';
import { CurrencyServiceDefinition } from '../../src/genproto/hipstershop/currency.ts';
import { EmailServiceDefinition } from '../../src/genproto/hipstershop/email.ts';
import type { OrderResult } from '../../src/genproto/hipstershop/order.ts';
import { PaymentServiceDefinition } from '../../src/genproto/hipstershop/payment.ts';
import { ProductCatalogServiceDefinition } from '../../src/genproto/hipstershop/product_catalog.ts';
import { RecommendationServiceDefinition } from '../../src/genproto/hipstershop/recommendation.ts';
import { ShippingServiceDefinition } from '../../src/genproto/hipstershop/shipping.ts';
import {
  type RequestOf,
  rpcName,
  type ServiceDefinition,
  type WireMethod,
  wireMethods,
} from '../../src/lib/grpc/definition.ts';
import type { ServiceName } from '../../src/topology.ts';
import {
  anyInt32,
  anyInt64,
  anyText,
  cardNumber,
  cvv,
  FUZZED_USERS,
  mostly,
  productId,
  SOLD,
} from './arbitrary-values.ts';

/** An RPC and the bytes of a request to it. */
export type ArbitraryCall = {
  readonly service: ServiceName;
  /** As in the .proto file, such as `GetCart`. */
  readonly rpc: string;
  readonly bytes: Buffer;
};

/** Ids that exist in the shop, so that some requests succeed. */
export type KnownIds = { readonly orderId: string; readonly transactionId: string; readonly trackingId: string };

type Requests<D extends ServiceDefinition> = {
  readonly [R in keyof D['methods']]: fc.Arbitrary<RequestOf<D['methods'][R]>>;
};

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 25 });
const list = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 30, arbitrary: fc.array(value, { minLength: 1, maxLength: 4 }) },
    { weight: 1, arbitrary: fc.constant<T[]>([]) },
    { weight: 1, arbitrary: tooManyOf(value) },
  );
const tooManyOf = <T>(value: fc.Arbitrary<T>) =>
  fc.tuple(value, fc.integer({ min: 99, max: 102 })).map(([one, length]) => Array.from({ length }, () => one));

// Users whose carts contain only products of the catalogue.
const BUYERS = ['buyer-1', 'buyer-2'];

const userId = mostly(FUZZED_USERS, anyText);
const idempotencyKey = fc.oneof(fc.uuid(), fc.constantFrom('key-1', 'key-2'), mostly(['key-3'], anyText, 2));
const currencyCode = mostly(['EUR', 'USD', 'JPY'], fc.oneof(fc.constantFrom('KWD', 'XXX'), anyText));
const money = fc.record({
  currencyCode,
  units: mostly([0n, 1n, 17n], anyInt64, 8),
  nanos: mostly([0, 990_000_000, 1], anyInt32, 8),
});
const item = fc.record({ productId, quantity: mostly([1, 2, 10], anyInt32) });
const items = list(item);
const address = fc.record({
  streetAddress: mostly(['Riva degli Schiavoni 4196'], anyText),
  city: mostly(['Venezia'], anyText),
  state: mostly(['VE', ''], anyText),
  country: mostly(['Italy'], anyText),
  zipCode: mostly([30_122, 0], anyInt32),
  postalCode: optional(mostly(['30122'], anyText)),
});
const creditCard = fc.record({
  creditCardNumber: cardNumber,
  creditCardCvv: cvv,
  creditCardExpirationYear: mostly([9999, 2099], anyInt32),
  creditCardExpirationMonth: mostly([1, 12], anyInt32),
});
const email = mostly(['someone@example.com'], fc.oneof(fc.constant('ann@example.com, bob@example.com'), anyText));
const anyOrder = (ids: KnownIds) =>
  fc.record({
    orderId: mostly([ids.orderId], anyText),
    shippingTrackingId: mostly([ids.trackingId, ''], anyText),
    shippingCost: optional(money),
    shippingAddress: optional(address),
    items: list(
      fc.record({ item: optional(item), cost: optional(money), productName: optional(mostly(['Mug'], anyText)) }),
    ),
  });
// Amounts that agree in their currency do not come about by chance.
const goodOrder = (ids: KnownIds): OrderResult => ({
  orderId: ids.orderId,
  shippingTrackingId: ids.trackingId,
  shippingCost: { currencyCode: 'EUR', units: 7n, nanos: 950_000_000 },
  shippingAddress: undefined,
  items: [{ item: { productId: '6E92ZMYYFZ', quantity: 1 }, cost: { currencyCode: 'EUR', units: 8n, nanos: 0 } }],
});
const orderResult = (ids: KnownIds): fc.Arbitrary<OrderResult> => fc.oneof(anyOrder(ids), fc.constant(goodOrder(ids)));

const browsing = {
  ad: {
    getAds: fc.record({ contextKeys: list(mostly(['kitchen', 'hair'], anyText, 2)) }),
  } satisfies Requests<AdServiceDefinition>,
  cart: {
    addItem: fc.oneof(
      fc.record({ userId, item: optional(item) }),
      fc.record({
        userId: fc.constantFrom(...BUYERS),
        item: fc.record({ productId: fc.constantFrom(...SOLD), quantity: fc.integer({ min: 1, max: 10 }) }),
      }),
    ),
    getCart: fc.record({ userId: fc.oneof(userId, anyText) }),
    emptyCart: fc.record({ userId, ifVersion: optional(anyText) }),
  } satisfies Requests<CartServiceDefinition>,
  catalogue: {
    listProducts: fc.constant({}),
    getProduct: fc.record({ id: fc.oneof(productId, anyText) }),
    searchProducts: fc.record({ query: mostly(['mug', ''], anyText, 1) }),
    batchGetProducts: fc.record({ ids: list(productId) }),
  } satisfies Requests<ProductCatalogServiceDefinition>,
  currency: {
    getSupportedCurrencies: fc.constant({}),
    convert: fc.record({ from: optional(money), toCode: fc.oneof(currencyCode, currencyCode, anyText) }),
    batchConvert: fc.record({ from: list(money), toCode: currencyCode }),
  } satisfies Requests<CurrencyServiceDefinition>,
  recommendation: {
    listRecommendations: fc.record({ userId: fc.oneof(userId, anyText), productIds: list(productId) }),
  } satisfies Requests<RecommendationServiceDefinition>,
};

const buying = (ids: KnownIds) => ({
  checkout: {
    placeOrder: fc.record({
      userId: mostly([...BUYERS, ...BUYERS, ...FUZZED_USERS], anyText),
      userCurrency: currencyCode,
      address: optional(address),
      email,
      creditCard: optional(creditCard),
      idempotencyKey: optional(idempotencyKey),
    }),
    getOrder: fc.record({ userId, orderId: mostly([ids.orderId], anyText, 2) }),
    listOrders: fc.record({ userId, pageSize: anyInt32, pageToken: mostly([''], anyText, 2) }),
    getOrderEvents: fc.record({ orderId: mostly([ids.orderId], anyText, 2) }),
  } satisfies Requests<CheckoutServiceDefinition>,
  email: {
    sendOrderConfirmation: fc.record({
      email,
      order: optional(orderResult(ids)),
      idempotencyKey: optional(idempotencyKey),
    }),
    sendOrderCancellation: fc.record({
      email,
      order: optional(orderResult(ids)),
      refunded: optional(money),
      idempotencyKey,
    }),
    eraseMails: fc.record({ orderId: mostly([ids.orderId], anyText, 2) }),
  } satisfies Requests<EmailServiceDefinition>,
  payment: {
    charge: fc.record({
      amount: optional(money),
      creditCard: optional(creditCard),
      idempotencyKey: optional(idempotencyKey),
    }),
    getCharge: fc.record({ idempotencyKey }),
    refund: fc.record({ transactionId: mostly([ids.transactionId], anyText), amount: optional(money), idempotencyKey }),
  } satisfies Requests<PaymentServiceDefinition>,
  shipping: {
    getQuote: fc.record({ address: optional(address), items }),
    shipOrder: fc.record({ address: optional(address), items, idempotencyKey: optional(idempotencyKey) }),
    cancelShipment: fc.record({ trackingId: mostly([ids.trackingId, ''], anyText), idempotencyKey }),
  } satisfies Requests<ShippingServiceDefinition>,
});

/** Arbitrary calls of every RPC of every service, each as likely: three of four a message, one bytes. */
export function arbitraryCalls(ids: KnownIds): fc.Arbitrary<ArbitraryCall> {
  const { checkout, email: mail, payment, shipping } = buying(ids);
  const { ad, cart, catalogue, currency, recommendation } = browsing;
  return fc.oneof(
    ...callsOf('adservice', AdServiceDefinition, ad),
    ...callsOf('cartservice', CartServiceDefinition, cart),
    ...callsOf('checkoutservice', CheckoutServiceDefinition, checkout),
    ...callsOf('currencyservice', CurrencyServiceDefinition, currency),
    ...callsOf('emailservice', EmailServiceDefinition, mail),
    ...callsOf('paymentservice', PaymentServiceDefinition, payment),
    ...callsOf('productcatalogservice', ProductCatalogServiceDefinition, catalogue),
    ...callsOf('recommendationservice', RecommendationServiceDefinition, recommendation),
    ...callsOf('shippingservice', ShippingServiceDefinition, shipping),
  );
}

function callsOf<D extends ServiceDefinition>(
  service: ServiceName,
  definition: D,
  requests: Requests<D>,
): fc.Arbitrary<ArbitraryCall>[] {
  return Object.entries<WireMethod>(wireMethods(definition)).map(([rpc, method]) => {
    const request = requests[rpc as keyof D['methods']] as fc.Arbitrary<unknown>;
    const encoded = request.map((message) => method.requestSerialize(message));
    const bytes = fc.oneof(
      { weight: 6, arbitrary: encoded },
      { weight: 1, arbitrary: damaged(encoded) },
      { weight: 1, arbitrary: noise },
    );
    return bytes.map((one) => ({ service, rpc: rpcName(method), bytes: one }));
  });
}

const noise: fc.Arbitrary<Buffer> = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

// A message of which some bytes are replaced, gone, or joined by others.
function damaged(message: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  const edit = fc.record({ at: fc.nat(), drop: fc.nat(3), put: fc.uint8Array({ maxLength: 3 }) });
  return fc.tuple(message, fc.array(edit, { minLength: 1, maxLength: 4 })).map(([bytes, edits]) =>
    edits.reduce((current, { at, drop, put }) => {
      const start = current.length === 0 ? 0 : at % current.length;
      return Buffer.concat([current.subarray(0, start), put, current.subarray(start + drop)]);
    }, bytes),
  );
}
