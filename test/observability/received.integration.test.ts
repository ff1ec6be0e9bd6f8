import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { startSmtpServer } from '../../src/emailservice/smtp-server.testing.ts';
import { PRODUCTS } from '../../src/frontend/small-shop.testing.ts';
import { ProductCatalogServiceDefinition } from '../../src/genproto/hipstershop/product_catalog.ts';
import { startGrpcServer } from '../../src/lib/grpc/server.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { type RecordedSpans, recordSpans } from '../../src/lib/testing/recorded-spans.ts';
import { startRedis } from '../../src/lib/testing/redis-server.ts';
import { temporaryFolder } from '../../src/lib/testing/temporary-folder.ts';
import { TEST_SERVER } from '../../src/lib/testing/test-client.ts';
import { testRuntime } from '../../src/lib/testing/test-runtime.ts';
import { readConfig } from '../../src/loadgenerator/config.ts';
import { start } from '../../src/loadgenerator/service.ts';
import { topology } from '../../src/topology.ts';
import { eraseShopper } from '../integration/erase-shopper.ts';
import type { ReceivedAttributes } from '../integration/received-span.ts';
import { type MakeProxy, startShopBehind } from '../integration/shop-behind.ts';
import { startTestShop, type TestShop, type TestShopOptions } from '../integration/test-shop.ts';
import { type Fault, faultProxy, originalProxy, type UpstreamProxy } from '../integration/upstream-proxy.ts';
import { checkoutForm, MUG, shopAround, webShopper } from '../integration/web-shopper.ts';
import { type SeenLines, type SeenSpan, undeclared, unseen } from './received.ts';

type TracerOf = NonNullable<TestShopOptions['tracerOf']>;

const DECLINED = '4000000000000002';
// Ends a hang only.
const HANG_LIMIT_MS = 300_000;

/** Tracers for services whose spans are recorded. */
function recordedServices(): { readonly tracerOf: TracerOf; readonly spans: () => SeenSpan[] } {
  const recorded = new Map<string, RecordedSpans[]>();
  return {
    tracerOf: async (service) => {
      const one = recordSpans();
      recorded.set(service, [...(recorded.get(service) ?? []), one]);
      return one.tracer;
    },
    spans: () =>
      [...recorded].flatMap(([service, all]) => all.flatMap(({ spans }) => spans().map((span) => seen(span, service)))),
  };
}

function seen({ name, kind, attributes, events, status }: ReadableSpan, service: string): SeenSpan {
  return {
    service,
    name,
    kind: SpanKind[kind] as SeenSpan['kind'],
    attributes: attributes as ReceivedAttributes,
    events: events.map((event) => ({ name: event.name, attributes: (event.attributes ?? {}) as ReceivedAttributes })),
    isError: status.code === SpanStatusCode.ERROR,
  };
}

/** Waits for a log line with these fields and returns it. */
async function loggedLine(
  shop: TestShop,
  wanted: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const find = () =>
    shop.logs.lines().find((line) => Object.entries(wanted).every(([field, value]) => line[field] === value));
  await eventually(`the log has ${JSON.stringify(wanted)}`, () => find() !== undefined);
  return find() ?? {};
}

async function buy(shop: TestShop, card: Readonly<Record<string, string>> = {}): Promise<void> {
  const shopper = webShopper(shop.url);
  await shopper.post('/cart', { product_id: MUG, quantity: '1' });
  await shopper.post('/cart/checkout', checkoutForm(card));
}

/** Causes every failure that has its own telemetry, one after the other, in a shop with Redis and a mail server. */
async function causeFailures(tracerOf: TracerOf): Promise<SeenLines> {
  const faults = new Map<string, Fault>();
  const manners: { onRecipient?: string } = {};
  await using redis = await startRedis();
  await using smtp = await startSmtpServer(manners);
  using folder = temporaryFolder();
  const env = { REDIS_ADDR: redis.address, SMTP_URL: smtp.url, DATA_DIR: folder.path };
  const proxy: MakeProxy = (name, address) => faultProxy(name, address, (rpc) => faults.get(rpc) ?? 'none');
  await using shop = await startShopBehind({ env, tracerOf }, (name) => (name === 'frontend' ? undefined : proxy));
  const during = async (planned: Readonly<Record<string, Fault>>, work: () => Promise<unknown>): Promise<void> => {
    for (const [rpc, fault] of Object.entries(planned)) faults.set(rpc, fault);
    await work();
    faults.clear();
  };
  const visitor = webShopper(shop.url);
  await shopAround(visitor);
  await loggedLine(shop, { msg: 'mail sent', kind: 'confirmation' });
  await eraseShopper(visitor.userId(), folder.path);
  await loggedLine(shop, { msg: 'rpc completed', service: 'emailservice', rpc: 'EraseMails' });
  expect((await webShopper(shop.url).get('/no-such-page')).status).toBe(404);
  await buy(shop, { credit_card_number: DECLINED });
  await during({ GetAds: 'lost-before' }, () => webShopper(shop.url).get('/'));
  await during({ ListProducts: 'lost-before' }, () => webShopper(shop.url).get('/'));
  await during({ EmptyCart: 'lost-before' }, async () => {
    await buy(shop);
    await loggedLine(shop, { msg: 'task failed', task: 'empty-cart' });
  });
  await during({ ShipOrder: 'lost-after' }, () => buy(shop));
  await loggedLine(shop, { msg: 'mail sent', kind: 'cancellation' });
  await during({ ShipOrder: 'lost-after', Refund: 'refused' }, async () => {
    await buy(shop);
    await loggedLine(shop, { msg: 'compensation refused' });
  });
  await during({ Charge: 'lost-after', GetCharge: 'lost-before' }, () => buy(shop));
  const { orderId } = await loggedLine(shop, { msg: 'order processing failed' });
  await loggedLine(shop, { msg: 'order state changed', orderId, orderState: 'CONFIRMED' });
  manners.onRecipient = '550 5.1.1 user unknown';
  await buy(shop);
  await loggedLine(shop, { msg: 'task dead-lettered', task: 'send-confirmation' });
  // The shop stops while a charged order is unfinished.
  for (const rpc of ['ShipOrder', 'Refund']) faults.set(rpc, 'lost-before');
  await buy(shop);
  return shop.logs.lines();
}

/** A catalogue with one product without a usable price. */
async function oddCatalogue(): Promise<UpstreamProxy> {
  const odd = { ...PRODUCTS.novelty, priceUsd: undefined };
  return await startGrpcServer({
    definition: ProductCatalogServiceDefinition,
    handlers: {
      listProducts: async () => ({ products: [PRODUCTS.mug, odd] }),
      getProduct: async () => PRODUCTS.mug,
      searchProducts: async () => ({ results: [] }),
      batchGetProducts: async () => ({ products: [PRODUCTS.mug] }),
    },
    protoFile: topology.productcatalogservice.protoFile,
    config: TEST_SERVER,
    defaultDeadlineMs: 2000,
    runtime: testRuntime({ service: 'productcatalogservice' }),
  });
}

/** A payment service that charges without a response and has no GetCharge. */
const silentPayment: MakeProxy = async (name, address) => {
  const original = await originalProxy(name, address);
  const silent = await faultProxy(name, original.address, (rpc) => (rpc === 'Charge' ? 'lost-after' : 'none'));
  const close = async (): Promise<void> => {
    await silent[Symbol.asyncDispose]();
    await original[Symbol.asyncDispose]();
  };
  return { address: silent.address, [Symbol.asyncDispose]: close };
};

/** Causes the telemetry that only services of other implementations cause. */
async function useForeignUpstreams(tracerOf: TracerOf): Promise<SeenLines> {
  await using shop = await startShopBehind({ tracerOf }, (name) => {
    if (name === 'productcatalogservice') return oddCatalogue;
    return name === 'paymentservice' ? silentPayment : undefined;
  });
  await webShopper(shop.url).get('/');
  await loggedLine(shop, { msg: 'product without usable price' });
  await buy(shop);
  await loggedLine(shop, { msg: 'order needs manual intervention' });
  return shop.logs.lines();
}

/** Runs a shop without Redis and mail server, with shoppers of the load generator. */
async function goShopping(tracerOf: TracerOf): Promise<SeenLines> {
  await using shop = await startTestShop({ tracerOf });
  await buy(shop);
  await loggedLine(shop, { msg: 'mail sent' });
  const config = readConfig({ FRONTEND_ADDR: new URL(shop.url).host, PAGES_PER_SECOND: '20', SECONDS: '1' });
  const runtime = testRuntime({ service: 'loadgenerator', tracer: await tracerOf('loadgenerator'), now: Date.now });
  await using load = await start(config, runtime);
  await load.finished;
  return [...shop.logs.lines(), ...runtime.logs.lines];
}

describe('the telemetry of a shop in normal operation and during failures', () => {
  let spans: readonly SeenSpan[];
  const lines: SeenLines[number][] = [];

  beforeAll(async () => {
    const recorded = recordedServices();
    const journeys = [goShopping, causeFailures, useForeignUpstreams];
    for (const journey of journeys) lines.push(...(await journey(recorded.tracerOf)));
    spans = recorded.spans();
  }, HANG_LIMIT_MS);

  it('emits only declared spans, attributes, events and log lines', () => {
    expect(undeclared({ spans, lines })).toEqual([]);
  });

  it('emits every declared span, attribute, closed value and event', () => {
    expect(unseen(spans)).toEqual([]);
  });
});
