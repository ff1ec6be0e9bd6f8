import { type Product, ProductCatalogServiceDefinition } from '../genproto/hipstershop/product_catalog.ts';
import { RecommendationServiceDefinition } from '../genproto/hipstershop/recommendation.ts';
import { DomainError } from '../lib/errors.ts';
import type { CallContext } from '../lib/grpc/call-context.ts';
import { connectUpstream } from '../lib/grpc/client.ts';
import { healthOf } from '../lib/grpc/health-of.ts';
import { startGrpcServer } from '../lib/grpc/server.ts';
import { type RunningService, systemRuntime } from '../lib/runtime/runtime.ts';
import { eventually } from '../lib/testing/eventually.ts';
import { freePort } from '../lib/testing/free-port.ts';
import { type ObservedCall, observingTracer } from '../lib/testing/observed-calls.ts';
import { failureOfCall, TEST_SERVER, type TestClient, testCall, testClient } from '../lib/testing/test-client.ts';
import { TEST_START_MS, type TestRuntime, testRuntime } from '../lib/testing/test-runtime.ts';
import { topology } from '../topology.ts';
import { readConfig } from './config.ts';
import { start } from './service.ts';

const product = (id: string): Product => ({
  id,
  name: `Product ${id}`,
  description: '',
  picture: `/static/products/${id}.svg`,
  priceUsd: { currencyCode: 'USD', units: 1n, nanos: 990_000_000 },
  categories: ['kitchen'],
});
const products = 'ABCDEFGHI'.split('').map(product);

/** Starts a server of the catalogue's contract that lists the products of the test. */
const startCatalogue = async (listed: (call: CallContext) => Promise<Product[]>, port = 0): Promise<RunningService> =>
  await startGrpcServer({
    definition: ProductCatalogServiceDefinition,
    handlers: {
      listProducts: async (_request, call) => ({ products: await listed(call) }),
      getProduct: async ({ id }) => product(id),
      searchProducts: async () => ({ results: [] }),
      batchGetProducts: async () => ({ products: [] }),
    },
    protoFile: topology.productcatalogservice.protoFile,
    config: { ...TEST_SERVER, port },
    runtime: testRuntime(),
    defaultDeadlineMs: 2000,
  });

const startService = async (catalogue: string, runtime: TestRuntime, retries = 'on'): Promise<RunningService> => {
  const env = { HOST: '127.0.0.1', PORT: '0', PRODUCT_CATALOG_SERVICE_ADDR: catalogue, GRPC_RETRIES: retries };
  return await start(readConfig(env), runtime);
};

const isReady = async (service: RunningService): Promise<boolean> => (await healthOf(service.address)) === 'SERVING';

describe('the recommendation service', () => {
  const observed: ObservedCall[] = [];
  // Real random numbers: the rules hold for every selection.
  const { randomBelow } = systemRuntime(testRuntime());
  const runtime = testRuntime({
    service: 'recommendationservice',
    randomBelow,
    tracer: observingTracer('recommendationservice', (call) => observed.push(call)),
  });
  let catalogue: RunningService;
  let service: RunningService;
  let recommendations: TestClient<RecommendationServiceDefinition>;

  beforeAll(async () => {
    catalogue = await startCatalogue(async () => products);
    service = await startService(catalogue.address, runtime);
    recommendations = testClient(RecommendationServiceDefinition, service.address);
    await eventually('the service is ready', () => isReady(service));
  });

  afterAll(async () => {
    recommendations[Symbol.dispose]();
    await service[Symbol.asyncDispose]();
    await catalogue[Symbol.asyncDispose]();
  });

  const list = (productIds: string[], userId = 'ann') => recommendations.listRecommendations({ userId, productIds });

  it('returns five products that are not in the request, with their ids', async () => {
    const chosen = ['B', 'I'];
    const response = await list(chosen);
    expect(new Set(response.productIds).size).toBe(5);
    expect(response.productIds.filter((id) => chosen.includes(id))).toEqual([]);
    expect(response.products).toEqual(response.productIds.map((id) => products.find((product) => product.id === id)));
  });

  it('returns fewer than five products when fewer are left', async () => {
    const [last, ...others] = products.map(({ id }) => id);
    expect((await list(others)).productIds).toEqual([last]);
    expect(await list([last ?? '', ...others])).toEqual({ productIds: [], products: [] });
  });

  it('makes a new selection in each call', async () => {
    const seen = new Set<string>();
    await eventually('every product was recommended', async () => {
      for (const id of (await list([])).productIds) seen.add(id);
      return seen.size === 9;
    });
  });

  it('ignores ids that the catalogue does not know', async () => {
    expect((await list(['GONE', '__proto__', 'GONE'])).productIds).toHaveLength(5);
  });

  it.each([
    ['an empty user id', () => list([], ''), 'USER_ID_INVALID'],
    ['a user id of 129 characters', () => list([], 'x'.repeat(129)), 'USER_ID_INVALID'],
    ['101 ids', () => list(Array.from({ length: 101 }, () => 'B')), 'PRODUCT_IDS_INVALID'],
    ['an empty id', () => list(['']), 'PRODUCT_IDS_INVALID'],
    ['an id with control characters', () => list(['a\u0000b']), 'PRODUCT_IDS_INVALID'],
  ])('refuses %s', async (_what, call, reason) => {
    expect(await failureOfCall(call())).toBe(`INVALID_ARGUMENT ${reason}`);
  });

  it('accepts 100 ids', async () => {
    expect((await list(Array.from({ length: 100 }, () => 'B'))).productIds).toHaveLength(5);
  });

  it('requested the catalogue once for all of these calls', () => {
    expect(observed).toEqual([
      { from: 'recommendationservice', to: 'productcatalogservice', rpc: 'ListProducts', code: 'OK' },
    ]);
  });
});

describe('the recommendation service during outages of the catalogue', () => {
  it('becomes ready when the catalogue is reachable and serves stale products while it is not', async () => {
    // The service has to know the address before the catalogue starts there.
    const port = await freePort();
    const runtime = testRuntime();
    await using service = await startService(`127.0.0.1:${port}`, runtime);
    using recommendations = testClient(RecommendationServiceDefinition, service.address);
    const list = () => recommendations.listRecommendations({ userId: 'ann', productIds: [] });

    expect(await failureOfCall(list())).toBe('UNAVAILABLE CATALOGUE_UNAVAILABLE');
    expect(await healthOf(service.address)).toBe('NOT_SERVING');

    const first = await startCatalogue(async () => products, port);
    await eventually('the service is ready', () => isReady(service));
    expect((await list()).products).toHaveLength(5);
    await first[Symbol.asyncDispose]();
    runtime.setNow(TEST_START_MS + 30_000);
    expect((await list()).products).toHaveLength(5);
    expect(await isReady(service)).toBe(true);
    const warned = (): boolean => runtime.logs.text().includes('catalogue refresh failed, serving stale products');
    await eventually('the failed reload is logged', warned);

    await using _second = await startCatalogue(async () => [product('NEW')], port);
    let seconds = 30;
    await eventually('the new products are recommended', async () => {
      seconds += 1;
      runtime.setNow(TEST_START_MS + seconds * 1000);
      return (await list()).productIds.includes('NEW');
    });
  });
});

describe('the recommendation service with a catalogue that waits for the test', () => {
  let calls: CallContext[];
  let respond: () => void;
  let fail: (error: unknown) => void;
  let catalogue: RunningService;
  let service: RunningService | undefined;

  beforeEach(async () => {
    calls = [];
    const responded = new Promise<void>((resolve, reject) => {
      respond = resolve;
      fail = reject;
    });
    catalogue = await startCatalogue(async (call) => {
      calls.push(call);
      await responded;
      return [product('A')];
    });
  });

  afterEach(async () => {
    respond();
    await service?.[Symbol.asyncDispose]();
    await catalogue[Symbol.asyncDispose]();
  });

  it('shares one request among concurrent calls, also when the first caller cancels', async () => {
    service = await startService(catalogue.address, testRuntime());
    using upstream = connectUpstream(RecommendationServiceDefinition, {
      to: 'subject',
      address: service.address,
    });
    const list = (call: ReturnType<typeof testCall>) =>
      upstream.calls.listRecommendations({ userId: 'ann', productIds: [] }, call);
    using impatient = testCall();
    using patient = testCall();
    const cancelled = failureOfCall(list(impatient));
    const waiting = Array.from({ length: 20 }, () => list(patient));
    await eventually('the catalogue is asked', () => calls.length === 1);
    impatient[Symbol.dispose]();
    expect(await cancelled).toMatch(/^CANCELLED/);
    respond();
    for (const { productIds } of await Promise.all(waiting)) expect(productIds).toEqual(['A']);
    expect(calls).toHaveLength(1);
  });

  it('cancels the load of the catalogue when it is closed, and does not retry', async () => {
    const runtime = testRuntime();
    service = await startService(catalogue.address, runtime);
    await eventually('the catalogue is asked', () => calls.length === 1);
    await service[Symbol.asyncDispose]();
    await eventually('the call is cancelled', () => calls.every(({ signal }) => signal.aborted));
    expect(runtime.logs.text()).not.toContain('not ready yet');
  });

  it.each([
    ['on', 3],
    ['off', 1],
  ])('with retries %s calls an unavailable catalogue %d times', async (retries, times) => {
    const runtime = testRuntime();
    service = await startService(catalogue.address, runtime, retries);
    await eventually('the catalogue is asked', () => calls.length === 1);
    fail(new DomainError('unavailable', 'UPSTREAM_UNAVAILABLE', 'away'));
    await eventually('the load failed', () => runtime.logs.text().includes('catalogue not loaded, retrying'));
    expect(calls).toHaveLength(times);
    const lines = runtime.logs.lines.filter(({ msg }) => msg === 'catalogue not loaded, retrying');
    expect(lines).toEqual([expect.objectContaining({ cause: 'productcatalogservice ListProducts: UNAVAILABLE away' })]);
  });
});
