import { existsSync } from 'node:fs';
import { Client, credentials } from '@grpc/grpc-js';
import { type ListProductsResponse, ProductCatalogServiceDefinition } from '../genproto/hipstershop/product_catalog.ts';
import { wireMethods } from '../lib/grpc/definition.ts';
import { projectPath } from '../lib/runtime/project-root.ts';
import type { RunningService } from '../lib/runtime/runtime.ts';
import { failureOfCall, type TestClient, testClient } from '../lib/testing/test-client.ts';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import { readConfig } from './config.ts';
import { start } from './service.ts';

const usd = (units: bigint, cents: number) => ({ currencyCode: 'USD', units, nanos: cents * 10_000_000 });

const PRODUCTS = [
  ['OLJCESPC7Z', 'Sunglasses', usd(19n, 99), ['accessories']],
  ['66VCHSJNUP', 'Tank Top', usd(18n, 99), ['clothing', 'tops']],
  ['1YMWWN1N4O', 'Watch', usd(109n, 99), ['accessories']],
  ['L9ECAV7KIM', 'Loafers', usd(89n, 99), ['footwear']],
  ['2ZYFJ3GM2N', 'Hairdryer', usd(24n, 99), ['hair', 'beauty']],
  ['0PUK6V6EV0', 'Candle Holder', usd(18n, 99), ['decor', 'home']],
  ['LS4PSXUNUM', 'Salt & Pepper Shakers', usd(18n, 49), ['kitchen']],
  ['9SIQT8TOJO', 'Bamboo Glass Jar', usd(5n, 49), ['kitchen']],
  ['6E92ZMYYFZ', 'Mug', usd(8n, 99), ['kitchen']],
] as const;

const IDS: readonly string[] = PRODUCTS.map(([id]) => id);

const startService = async (env: Record<string, string> = {}): Promise<RunningService> =>
  await start(readConfig({ HOST: '127.0.0.1', PORT: '0', ...env }), testRuntime());

describe('the product catalogue', () => {
  let service: RunningService;
  let catalogue: TestClient<ProductCatalogServiceDefinition>;

  beforeAll(async () => {
    service = await startService();
    catalogue = testClient(ProductCatalogServiceDefinition, service.address);
  });

  afterAll(async () => {
    catalogue[Symbol.dispose]();
    await service[Symbol.asyncDispose]();
  });

  const search = async (query: string): Promise<string[]> =>
    (await catalogue.searchProducts({ query })).results.map(({ id }) => id);
  const batch = async (ids: string[]): Promise<string[]> =>
    (await catalogue.batchGetProducts({ ids })).products.map(({ id }) => id);

  it('lists the nine products in their order', async () => {
    const { products } = await catalogue.listProducts({});
    expect(products.map(({ id, name, priceUsd, categories }) => [id, name, priceUsd, categories])).toEqual(PRODUCTS);
  });

  it('has a description and a picture of the frontend for each product', async () => {
    const { products } = await catalogue.listProducts({});
    for (const { description, picture } of products) {
      expect(description).toMatch(/^[A-Z].{30,150}\.$/);
      expect(picture).toMatch(/^\/static\/products\/[a-z-]+\.svg$/);
      expect(existsSync(projectPath('src', 'frontend', picture))).toBe(true);
    }
    for (const field of ['description', 'picture'] as const) {
      expect(new Set(products.map((product) => product[field])).size).toBe(9);
    }
  });

  it('returns each listed product by its id', async () => {
    const { products } = await catalogue.listProducts({});
    expect(await Promise.all(IDS.map((id) => catalogue.getProduct({ id })))).toEqual(products);
  });

  it.each(['NO-SUCH-ID', 'oljcespc7z', '__proto__', 'x'.repeat(128)])(
    'returns NOT_FOUND for the product %p',
    async (id) => {
      expect(await failureOfCall(catalogue.getProduct({ id }))).toBe('NOT_FOUND PRODUCT_UNKNOWN');
    },
  );

  it.each([
    ['an empty id', '', 'ID_INVALID'],
    ['an id of 129 characters', 'x'.repeat(129), 'ID_INVALID'],
    ['an id with control characters', 'OLJCESPC7Z\n', 'ID_INVALID'],
  ])('refuses %s', async (_what, id, reason) => {
    expect(await failureOfCall(catalogue.getProduct({ id }))).toBe(`INVALID_ARGUMENT ${reason}`);
    const call = catalogue.batchGetProducts({ ids: ['6E92ZMYYFZ', id] });
    await expect(call).rejects.toMatchObject({ reason: 'IDS_INVALID', metadata: { field: 'ids[1]' } });
  });

  it.each([
    ['a name', 'mug', ['6E92ZMYYFZ']],
    ['a name in capitals', 'TANK TOP', ['66VCHSJNUP']],
    ['part of a name', 'glass', ['OLJCESPC7Z', '9SIQT8TOJO']],
    ['a special character', '&', ['LS4PSXUNUM']],
    ['words of a description', 'candle is NOT included', ['0PUK6V6EV0']],
    ['a text that no product has', 'zeppelin', []],
    ['a regular expression, taken literally', '.*', []],
    ['the longest query', 'x'.repeat(128), []],
    ['the empty query, which finds every product', '', IDS],
  ])('finds products by %s', async (_what, query, ids) => {
    expect(await search(query)).toEqual(ids);
  });

  it.each([
    ['a query of 129 characters', 'x'.repeat(129)],
    ['a query with control characters', 'mug\u0007'],
  ])('refuses %s', async (_what, query) => {
    expect(await failureOfCall(search(query))).toBe('INVALID_ARGUMENT QUERY_INVALID');
  });

  it('returns a batch in the order of its ids, with repetitions and without unknown ids', async () => {
    expect(await batch(['6E92ZMYYFZ', 'GONE', 'OLJCESPC7Z', '6E92ZMYYFZ'])).toEqual([
      '6E92ZMYYFZ',
      'OLJCESPC7Z',
      '6E92ZMYYFZ',
    ]);
    expect(await batch([])).toEqual([]);
  });

  it('returns a batch of 100 ids and refuses one of 101', async () => {
    const ids = (count: number): string[] => Array.from({ length: count }, () => '6E92ZMYYFZ');
    expect(await batch(ids(100))).toHaveLength(100);
    expect(await failureOfCall(batch(ids(101)))).toBe('INVALID_ARGUMENT IDS_INVALID');
  });
});

describe('the product catalogue with EXTRA_LATENCY', () => {
  it('responds to a call without a deadline although the latency exceeds the usual default deadline', async () => {
    await using service = await startService({ EXTRA_LATENCY: '2100ms' });
    const client = new Client(service.address, credentials.createInsecure());
    const { path, requestSerialize, responseDeserialize } = wireMethods(ProductCatalogServiceDefinition).listProducts;
    try {
      const response = await new Promise<ListProductsResponse | undefined>((resolve, reject) => {
        client.makeUnaryRequest(path, requestSerialize, responseDeserialize, {}, (error, message) => {
          if (error === null) resolve(message as ListProductsResponse);
          else reject(error);
        });
      });
      expect(response?.products).toHaveLength(9);
    } finally {
      client.close();
    }
  });
});
