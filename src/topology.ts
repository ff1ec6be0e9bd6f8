/**
 * The one table of the services: ports, calls and state. The launcher starts from it, `make generate` derives documents
 * and manifests from it, and a test compares it with the calls of a real shopping run.
 */

/** One word, the same everywhere: folder, image, Deployment, Service, ServiceAccount, label, `service.name`. */
export type ServiceName =
  | 'adservice'
  | 'cartservice'
  | 'checkoutservice'
  | 'currencyservice'
  | 'emailservice'
  | 'frontend'
  | 'loadgenerator'
  | 'paymentservice'
  | 'productcatalogservice'
  | 'recommendationservice'
  | 'shippingservice';

/** RPCs called, by the service they are called at. */
export type Calls = Readonly<Partial<Record<ServiceName, readonly string[]>>>;

/** One row of the table. */
export type ServiceSpec = {
  /** Its purpose, in one sentence. */
  readonly purpose: string;
  readonly protocol: 'grpc' | 'http' | 'none';
  /** The container's port; 0 for a service that listens on none. */
  readonly port: number;
  /** The port its Kubernetes Service gives it; 0 for none. */
  readonly servicePort: number;
  /** The variable in which its callers find its address; empty when it has no callers. */
  readonly addressVariable: string;
  /** Full name of the gRPC service, and the file that declares it below `protos`; empty when it serves none. */
  readonly grpcService: string;
  readonly protoFile: string;
  /** What it calls in an ordinary run. */
  readonly calls: Calls;
  /** What it calls outside of an ordinary run: if an upstream lacks an RPC, if a step failed, or not yet from any page. */
  readonly exceptionalCalls: Calls;
  /** The upstreams it can do without: it leaves their part out, or does the work later. */
  readonly optionalUpstreams: readonly ServiceName[];
  /** The services whose pages it requests over HTTP. */
  readonly visits: readonly ServiceName[];
  /**
   * Where its state is: `postgres` means PostgreSQL when DATABASE_URL is set, `redis` means Redis when REDIS_ADDR is set,
   * and both mean files below DATA_DIR otherwise.
   */
  readonly store: 'none' | 'postgres' | 'redis';
  /** What it stores; empty when it stores nothing. */
  readonly storedData: string;
};

const rows = {
  frontend: {
    purpose: 'The storefront: HTML over HTTP, composed from the other services.',
    protocol: 'http',
    port: 8080,
    servicePort: 80,
    addressVariable: 'FRONTEND_ADDR',
    grpcService: '',
    protoFile: '',
    calls: {
      adservice: ['GetAds'],
      cartservice: ['AddItem', 'EmptyCart', 'GetCart'],
      checkoutservice: ['GetOrder', 'ListOrders', 'PlaceOrder'],
      currencyservice: ['BatchConvert', 'GetSupportedCurrencies'],
      productcatalogservice: ['BatchGetProducts', 'GetProduct', 'ListProducts', 'SearchProducts'],
      recommendationservice: ['ListRecommendations'],
      shippingservice: ['GetQuote'],
    },
    exceptionalCalls: { currencyservice: ['Convert'] },
    optionalUpstreams: ['adservice', 'currencyservice', 'recommendationservice', 'shippingservice'],
    visits: [],
    store: 'none',
    storedData: '',
  },
  cartservice: {
    purpose: 'Stores the cart of each shopper.',
    protocol: 'grpc',
    port: 7070,
    servicePort: 7070,
    addressVariable: 'CART_SERVICE_ADDR',
    grpcService: 'hipstershop.CartService',
    protoFile: 'hipstershop/cart.proto',
    calls: {},
    exceptionalCalls: {},
    optionalUpstreams: [],
    visits: [],
    store: 'redis',
    storedData: 'carts, until 48 hours after their last use',
  },
  productcatalogservice: {
    purpose: 'The product catalogue: list, lookup and search.',
    protocol: 'grpc',
    port: 3550,
    servicePort: 3550,
    addressVariable: 'PRODUCT_CATALOG_SERVICE_ADDR',
    grpcService: 'hipstershop.ProductCatalogService',
    protoFile: 'hipstershop/product_catalog.proto',
    calls: {},
    exceptionalCalls: {},
    optionalUpstreams: [],
    visits: [],
    store: 'none',
    storedData: '',
  },
  currencyservice: {
    purpose: 'Converts amounts exactly between 33 currencies.',
    protocol: 'grpc',
    port: 7000,
    servicePort: 7000,
    addressVariable: 'CURRENCY_SERVICE_ADDR',
    grpcService: 'hipstershop.CurrencyService',
    protoFile: 'hipstershop/currency.proto',
    calls: {},
    exceptionalCalls: {},
    optionalUpstreams: [],
    visits: [],
    store: 'none',
    storedData: '',
  },
  paymentservice: {
    purpose: 'Charges and refunds cards (a simulation: no bank is called).',
    protocol: 'grpc',
    port: 50_051,
    servicePort: 50_051,
    addressVariable: 'PAYMENT_SERVICE_ADDR',
    grpcService: 'hipstershop.PaymentService',
    protoFile: 'hipstershop/payment.proto',
    calls: {},
    exceptionalCalls: {},
    optionalUpstreams: [],
    visits: [],
    store: 'postgres',
    storedData: 'charges and refunds',
  },
  shippingservice: {
    purpose: 'Quotes, books and cancels shipments (a simulation: no parcel moves).',
    protocol: 'grpc',
    port: 50_051,
    servicePort: 50_051,
    addressVariable: 'SHIPPING_SERVICE_ADDR',
    grpcService: 'hipstershop.ShippingService',
    protoFile: 'hipstershop/shipping.proto',
    calls: {},
    exceptionalCalls: {},
    optionalUpstreams: [],
    visits: [],
    store: 'postgres',
    storedData: 'shipments',
  },
  emailservice: {
    purpose: 'Sends order mails by SMTP, or writes them to files.',
    protocol: 'grpc',
    port: 8080,
    servicePort: 5000,
    addressVariable: 'EMAIL_SERVICE_ADDR',
    grpcService: 'hipstershop.EmailService',
    protoFile: 'hipstershop/email.proto',
    calls: {},
    exceptionalCalls: {},
    optionalUpstreams: [],
    visits: [],
    store: 'postgres',
    storedData: 'idempotency keys of sent mails; without an SMTP server also the mails, as files',
  },
  checkoutservice: {
    purpose: 'Turns a cart into an order: charges, ships and confirms; refunds the charge when shipping fails.',
    protocol: 'grpc',
    port: 5050,
    servicePort: 5050,
    addressVariable: 'CHECKOUT_SERVICE_ADDR',
    grpcService: 'hipstershop.CheckoutService',
    protoFile: 'hipstershop/checkout.proto',
    calls: {
      cartservice: ['EmptyCart', 'GetCart'],
      currencyservice: ['BatchConvert'],
      emailservice: ['SendOrderConfirmation'],
      paymentservice: ['Charge'],
      productcatalogservice: ['BatchGetProducts'],
      shippingservice: ['GetQuote', 'ShipOrder'],
    },
    exceptionalCalls: {
      currencyservice: ['Convert'],
      emailservice: ['EraseMails', 'SendOrderCancellation'],
      paymentservice: ['GetCharge', 'Refund'],
      productcatalogservice: ['GetProduct'],
      shippingservice: ['CancelShipment'],
    },
    optionalUpstreams: ['emailservice'],
    visits: [],
    store: 'postgres',
    storedData: 'orders, as events, and their outbox',
  },
  recommendationservice: {
    purpose: 'Recommends products.',
    protocol: 'grpc',
    port: 8080,
    servicePort: 8080,
    addressVariable: 'RECOMMENDATION_SERVICE_ADDR',
    grpcService: 'hipstershop.RecommendationService',
    protoFile: 'hipstershop/recommendation.proto',
    calls: { productcatalogservice: ['ListProducts'] },
    exceptionalCalls: {},
    optionalUpstreams: [],
    visits: [],
    store: 'none',
    storedData: '',
  },
  adservice: {
    purpose: 'Selects advertisements by product category.',
    protocol: 'grpc',
    port: 9555,
    servicePort: 9555,
    addressVariable: 'AD_SERVICE_ADDR',
    grpcService: 'hipstershop.AdService',
    protoFile: 'hipstershop/ad.proto',
    calls: {},
    exceptionalCalls: {},
    optionalUpstreams: [],
    visits: [],
    store: 'none',
    storedData: '',
  },
  loadgenerator: {
    purpose: 'Simulates shoppers and reports rates, errors and latency.',
    protocol: 'none',
    port: 0,
    servicePort: 0,
    addressVariable: '',
    grpcService: '',
    protoFile: '',
    calls: {},
    exceptionalCalls: {},
    optionalUpstreams: [],
    visits: ['frontend'],
    store: 'none',
    storedData: '',
  },
} as const satisfies Readonly<Record<ServiceName, ServiceSpec>>;

type Rows = typeof rows;

/** The table. */
export const topology: Readonly<Record<ServiceName, ServiceSpec>> = rows;

/** A service that speaks gRPC. */
export type GrpcServiceName = { [S in ServiceName]: Rows[S]['protocol'] extends 'grpc' ? S : never }[ServiceName];

/** The upstreams of a service: what it calls over gRPC, ordinarily or exceptionally. */
export type UpstreamOf<S extends ServiceName> = S extends ServiceName
  ? Extract<keyof Rows[S]['calls'] | keyof Rows[S]['exceptionalCalls'], GrpcServiceName>
  : never;

/** The environment variable in which the callers of a service find its address. */
export type AddressVariableOf<S extends ServiceName> = Rows[S]['addressVariable'];

/** Every service, in the order of the table. */
export const serviceNames: readonly ServiceName[] = Object.keys(topology) as ServiceName[];

/** Every service that speaks gRPC, in the order of the table. */
export const grpcServiceNames: readonly GrpcServiceName[] = serviceNames.filter(
  (name): name is GrpcServiceName => topology[name].protocol === 'grpc',
);

/** The services whose data can be in PostgreSQL, in the order of the table. */
export const databaseServices: readonly ServiceName[] = serviceNames.filter(
  (name) => topology[name].store === 'postgres',
);

/** The upstreams of a service, in the order of the table. */
export function upstreamsOf<S extends ServiceName>(service: S): readonly UpstreamOf<S>[] {
  const { calls, exceptionalCalls }: ServiceSpec = topology[service];
  return serviceNames.filter((name): name is UpstreamOf<S> => name in calls || name in exceptionalCalls);
}

/** True when every caller lists the service in `optionalUpstreams`; a service without callers is optional too. */
export function isOptional(service: ServiceName): boolean {
  return serviceNames
    .filter(
      (caller) =>
        upstreamsOf(caller).some((upstream) => upstream === service) || topology[caller].visits.includes(service),
    )
    .every((caller) => topology[caller].optionalUpstreams.includes(service));
}

/** A service that listens on a port. */
export type ServerName = Exclude<ServiceName, 'loadgenerator'>;

/** Every service that listens, in the order of the table. */
export const serverNames: readonly ServerName[] = serviceNames.filter(
  (name): name is ServerName => topology[name].protocol !== 'none',
);

/**
 * The services that listen, in start order: each wave calls only services of the waves before it.
 *
 * @throws {Error} when services call each other in a circle
 */
export function startWaves(): readonly (readonly ServerName[])[] {
  const waves: ServerName[][] = [];
  const started = new Set<ServiceName>();
  let remaining = serverNames;
  while (remaining.length > 0) {
    const wave = remaining.filter((name) => upstreamsOf(name).every((upstream) => started.has(upstream)));
    if (wave.length === 0) throw new Error(`these services call each other in a circle: ${remaining.join(', ')}`);
    waves.push(wave);
    for (const name of wave) started.add(name);
    remaining = remaining.filter((name) => !started.has(name));
  }
  return waves;
}

/** A server that is not the shop's own and keeps something for services. */
export type BackingServer = {
  readonly users: readonly ServiceName[];
  /** The variable in which its users find it, and its value in a cluster. */
  readonly variable: string;
  readonly value: string;
  /** The ports of its Kubernetes Service, by name; its users connect to the first. */
  readonly ports: Readonly<Record<string, number>>;
};

/** The servers that services keep things in, by the name of their Kubernetes Service. */
export const backingServers: Readonly<Record<string, BackingServer>> = {
  postgres: {
    users: databaseServices,
    // Each user has its own Secret, with its own password. It is mounted as a folder.
    variable: 'DATABASE_URL_FILE',
    value: '/etc/database/url',
    ports: { postgres: 5432 },
  },
  'redis-cart': {
    users: ['cartservice'],
    variable: 'REDIS_ADDR',
    value: 'redis-cart:6379',
    ports: { redis: 6379 },
  },
  mailpit: {
    users: ['emailservice'],
    variable: 'SMTP_URL',
    value: 'smtp://mailpit:1025',
    ports: { smtp: 1025, http: 8025 },
  },
};
