import { CartServiceDefinition, type EmptyCartRequest } from '../genproto/hipstershop/cart.ts';
import { CurrencyServiceDefinition } from '../genproto/hipstershop/currency.ts';
import { EmailServiceDefinition, type SendOrderConfirmationRequest } from '../genproto/hipstershop/email.ts';
import { type ChargeRequest, PaymentServiceDefinition } from '../genproto/hipstershop/payment.ts';
import { type Product, ProductCatalogServiceDefinition } from '../genproto/hipstershop/product_catalog.ts';
import { type ShipOrderRequest, ShippingServiceDefinition } from '../genproto/hipstershop/shipping.ts';
import { DomainError } from '../lib/errors.ts';
import type { ServiceDefinition } from '../lib/grpc/definition.ts';
import { type Handlers, startGrpcServer } from '../lib/grpc/server.ts';
import { TEST_SERVER } from '../lib/testing/test-client.ts';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import { topology, type UpstreamOf } from '../topology.ts';

/** Which differences of the original protocol the upstreams have. */
export type UpstreamVariant = {
  /** False: the catalogue and the currency service have no batch RPCs. */
  readonly batch?: boolean;
  /** False: the cart has no versions. */
  readonly versions?: boolean;
  /** True: every conversion returns zero with status OK. */
  readonly freeMoney?: boolean;
};

/** The requests that the upstreams received, and their state. */
export type UpstreamRecord = {
  /** The lines of the carts, by user; any other user has {@link FOUR_LINES}. */
  readonly carts: Map<string, { productId: string; quantity: number }[]>;
  readonly emptied: EmptyCartRequest[];
  readonly charges: ChargeRequest[];
  readonly shipments: ShipOrderRequest[];
  readonly mails: SendOrderConfirmationRequest[];
  /** A charge waits for this. */
  beforeCharge: Promise<void>;
  /** True: payment returns UNAVAILABLE for every call. */
  isPaymentUnavailable: boolean;
};

/** Four products, one of each. */
export const FOUR_LINES = ['mug', 'watch', 'loafers', 'hairdryer'].map((productId) => ({ productId, quantity: 1 }));

/** This card is declined. */
export const DECLINED_CARD = '4000000000000002';

const PRICES: Readonly<Record<string, number>> = { mug: 9, watch: 110, loafers: 90, hairdryer: 25 };

const money = (currencyCode: string, units: number) => ({ currencyCode, units: BigInt(units), nanos: 0 });

function product(id: string): Product {
  const found = { id, name: `The ${id}`, description: '', picture: '', categories: [] };
  return { ...found, priceUsd: money('USD', PRICES[id] ?? 0) };
}

function cartHandlers(record: UpstreamRecord, { versions = true }: UpstreamVariant): Handlers<CartServiceDefinition> {
  const writes = new Map<string, number>();
  return {
    addItem: async () => ({}),
    getCart: async ({ userId }) => {
      const items = record.carts.get(userId) ?? [...FOUR_LINES];
      return { userId, items, ...(versions ? { version: `v${writes.get(userId) ?? 1}` } : {}) };
    },
    emptyCart: async (request) => {
      record.emptied.push(request);
      record.carts.set(request.userId, []);
      writes.set(request.userId, (writes.get(request.userId) ?? 1) + 1);
      return {};
    },
  };
}

function catalogueHandlers({ batch = true }: UpstreamVariant): Handlers<ProductCatalogServiceDefinition> {
  const handlers: Handlers<ProductCatalogServiceDefinition> = {
    listProducts: async () => ({ products: [] }),
    searchProducts: async () => ({ results: [] }),
    getProduct: async ({ id }) => {
      if (!(id in PRICES)) throw new DomainError('not-found', 'PRODUCT_UNKNOWN', 'no such product');
      return product(id);
    },
    batchGetProducts: async ({ ids }) => ({ products: ids.filter((id) => id in PRICES).map(product) }),
  };
  return batch ? handlers : without(handlers, 'batchGetProducts');
}

// Two dollars are a euro.
function currencyHandlers({ batch = true, freeMoney = false }: UpstreamVariant): Handlers<CurrencyServiceDefinition> {
  const convert = (units: bigint, toCode: string) => {
    if (freeMoney) return money(toCode, 0);
    if (toCode !== 'EUR') throw new DomainError('invalid', 'CURRENCY_UNKNOWN', 'no such currency');
    return { currencyCode: 'EUR', units: units / 2n, nanos: units % 2n === 0n ? 0 : 500_000_000 };
  };
  const handlers: Handlers<CurrencyServiceDefinition> = {
    getSupportedCurrencies: async () => ({ currencyCodes: ['EUR', 'USD'] }),
    convert: async ({ from, toCode }) => convert(from?.units ?? 0n, toCode),
    batchConvert: async ({ from, toCode }) => ({ converted: from.map(({ units }) => convert(units, toCode)) }),
  };
  return batch ? handlers : without(handlers, 'batchConvert');
}

function paymentHandlers(record: UpstreamRecord): Handlers<PaymentServiceDefinition> {
  const requireAvailable = (): void => {
    if (record.isPaymentUnavailable) throw new DomainError('unavailable', 'CART_STORE_UNAVAILABLE', 'try again later');
  };
  return {
    charge: async (request) => {
      await record.beforeCharge;
      requireAvailable();
      if (request.creditCard?.creditCardNumber === DECLINED_CARD) {
        throw new DomainError('precondition', 'CARD_EXPIRED', 'the card has expired');
      }
      return { transactionId: `tx-${record.charges.push(request)}`, refunded: undefined };
    },
    getCharge: async () => {
      requireAvailable();
      throw new DomainError('not-found', 'CHARGE_UNKNOWN', 'nothing was charged');
    },
    refund: async () => ({ refundId: 're-1' }),
  };
}

function shippingHandlers(record: UpstreamRecord): Handlers<ShippingServiceDefinition> {
  return {
    getQuote: async ({ address }) => {
      if (address?.country === 'Atlantis') throw new DomainError('invalid', 'ADDRESS_COUNTRY_INVALID', 'under water');
      return { costUsd: money('USD', 8) };
    },
    shipOrder: async (request) => ({ trackingId: `parcel-${record.shipments.push(request)}` }),
    cancelShipment: async () => ({}),
  };
}

function emailHandlers(record: UpstreamRecord): Handlers<EmailServiceDefinition> {
  return {
    sendOrderConfirmation: async (request) => {
      record.mails.push(request);
      return {};
    },
    sendOrderCancellation: async () => ({}),
    eraseMails: async () => ({}),
  };
}

// A server has the RPCs that have handlers; any other is UNIMPLEMENTED.
function without<H extends object>(handlers: H, rpc: keyof H): H {
  return Object.fromEntries(Object.entries(handlers).filter(([name]) => name !== rpc)) as H;
}

/** Starts a small server in the place of each upstream. */
export async function startUpstreamServers(variant: UpstreamVariant = {}): Promise<
  AsyncDisposable & {
    readonly addresses: Record<UpstreamOf<'checkoutservice'>, string>;
    readonly record: UpstreamRecord;
  }
> {
  const record: UpstreamRecord = {
    carts: new Map(),
    emptied: [],
    charges: [],
    shipments: [],
    mails: [],
    beforeCharge: Promise.resolve(),
    isPaymentUnavailable: false,
  };
  const started: AsyncDisposable[] = [];
  const start = async <D extends ServiceDefinition>(
    name: UpstreamOf<'checkoutservice'>,
    definition: D,
    handlers: Handlers<D>,
  ) => {
    const server = await startGrpcServer({
      definition,
      handlers,
      protoFile: topology[name].protoFile,
      config: TEST_SERVER,
      runtime: testRuntime({ service: name }),
      defaultDeadlineMs: 2000,
    });
    started.push(server);
    return server.address;
  };
  return {
    record,
    addresses: {
      cartservice: await start('cartservice', CartServiceDefinition, cartHandlers(record, variant)),
      currencyservice: await start('currencyservice', CurrencyServiceDefinition, currencyHandlers(variant)),
      emailservice: await start('emailservice', EmailServiceDefinition, emailHandlers(record)),
      paymentservice: await start('paymentservice', PaymentServiceDefinition, paymentHandlers(record)),
      productcatalogservice: await start(
        'productcatalogservice',
        ProductCatalogServiceDefinition,
        catalogueHandlers(variant),
      ),
      shippingservice: await start('shippingservice', ShippingServiceDefinition, shippingHandlers(record)),
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(started.map((server) => server[Symbol.asyncDispose]()));
    },
  };
}
