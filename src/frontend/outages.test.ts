import { DomainError } from '../lib/errors.ts';
import { eventually } from '../lib/testing/eventually.ts';
import { type FakeShop, startFakeShop, startSilentUpstream } from './fake-shop.testing.ts';
import { GOOD_FORM, newShopper, type Shopper, startTestFrontend, type TestFrontend } from './shopper.testing.ts';
import type { ShopHandlers } from './small-shop.testing.ts';

const away = new DomainError('unavailable', 'UPSTREAM_UNAVAILABLE', 'away');

/** The optional RPCs of each page, and a text that the page shows without them. */
const OPTIONAL: readonly [string, string, string, readonly (keyof ShopHandlers)[]][] = [
  ['the home page', '/', 'Mug', ['getAds', 'getCart', 'getSupportedCurrencies', 'batchConvert']],
  [
    'a product’s page',
    '/product/6E92ZMYYFZ',
    '<h1>Mug</h1>',
    ['getAds', 'getCart', 'getSupportedCurrencies', 'listRecommendations', 'batchConvert'],
  ],
  ['the search', '/search?q=mug', 'Mug', ['getCart', 'getSupportedCurrencies', 'batchConvert']],
  ['the cart', '/cart', 'Place order', ['getQuote', 'getSupportedCurrencies', 'listRecommendations', 'batchConvert']],
  ['an order', '/order/order-1', 'Thank you', ['getCart', 'getSupportedCurrencies']],
];

/** The essential RPC of each page. */
const ESSENTIAL: readonly [string, keyof ShopHandlers][] = [
  ['/', 'listProducts'],
  ['/product/6E92ZMYYFZ', 'getProduct'],
  ['/search?q=mug', 'searchProducts'],
  ['/cart', 'getCart'],
  ['/cart', 'batchGetProducts'],
  ['/order/order-1', 'getOrder'],
];

describe('the storefront while upstreams are unavailable', () => {
  let shop: FakeShop;
  let frontend: TestFrontend;
  let shopper: Shopper;

  beforeAll(async () => {
    shop = await startFakeShop();
    frontend = await startTestFrontend(shop);
  });

  afterAll(async () => {
    await frontend[Symbol.asyncDispose]();
    await shop[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    shop.reset();
    shopper = newShopper(frontend.url);
    await shopper.post('/cart', { product_id: '6E92ZMYYFZ', quantity: '2' });
    await shopper.post('/cart/checkout', GOOD_FORM);
    await shopper.post('/cart', { product_id: '6E92ZMYYFZ', quantity: '2' });
    shopper.cookies.set('shop_currency', 'EUR');
  });

  it.each(OPTIONAL)('shows %s without its optional parts', async (_page, path, shown, rpcs) => {
    shop.fail(away, ...rpcs);
    const { status, text } = await shopper.get(path);
    expect(status).toBe(200);
    expect(text).toContain(shown);
    expect(frontend.runtime.logs.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', msg: 'page part unavailable', part: 'currencies' }),
    );
  });

  it('shows every page without the optional parts that do not answer within their budget', async () => {
    shop.hang(...OPTIONAL.flatMap(([, , , rpcs]) => rpcs).filter((rpc) => rpc !== 'getCart'));
    await using hurried = await startTestFrontend(shop, {}, { budgets: { optionalPartMs: 50 } });
    const other = newShopper(hurried.url);
    for (const [name, value] of shopper.cookies) other.cookies.set(name, value);
    for (const [, path, shown] of OPTIONAL) {
      const { status, text } = await other.get(path);
      expect({ path, status }).toEqual({ path, status: 200 });
      expect(text).toContain(shown);
    }
  });

  it('gives each kind of call its budget as the deadline', async () => {
    // Hours, so that delays of the machine are negligible.
    const hourMs = 3_600_000;
    const budgets = { optionalPartMs: hourMs, pageMs: 2 * hourMs, checkoutMs: 3 * hourMs };
    await using patient = await startTestFrontend(shop, {}, { budgets });
    const other = newShopper(patient.url);
    await other.post('/cart', { product_id: '6E92ZMYYFZ', quantity: '2' });
    await other.get('/');
    await other.post('/cart/checkout', GOOD_FORM);
    const hours = (rpc: keyof ShopHandlers): number => {
      const seen = shop.calls.findLast((call) => call.rpc === rpc);
      return Math.ceil(((seen?.call.deadlineMs ?? 0) - (seen?.atMs ?? 0)) / hourMs);
    };
    expect([hours('getAds'), hours('listProducts'), hours('placeOrder')]).toEqual([1, 2, 3]);
  });

  it('requests the prices while it waits for the currencies', async () => {
    // The currencies are returned after the prices of the same page were requested: a page that makes the calls in sequence hangs.
    const priceRequests = new Map<string, () => void>();
    const pricesRequested = (requestId: string) =>
      new Promise<void>((resolve) => priceRequests.set(requestId, resolve));
    shop.respondWith({
      getSupportedCurrencies: async (_request, { requestId }) => {
        await pricesRequested(requestId);
        return { currencyCodes: ['USD', 'EUR'] };
      },
      batchConvert: async ({ from, toCode }, { requestId }) => {
        await eventually('the currencies were requested', () => priceRequests.has(requestId));
        priceRequests.get(requestId)?.();
        return { converted: from.map((amount) => ({ ...amount, currencyCode: toCode })) };
      },
    });
    const pages = await Promise.all(['/', '/cart', '/product/6E92ZMYYFZ'].map((path) => shopper.get(path)));
    expect(pages.filter(({ text }) => !text.includes('€8.99'))).toEqual([]);
    expect(pages.filter(({ text }) => !text.includes('>EUR<'))).toEqual([]);
  });

  it('shows prices and the currency in USD while they cannot be converted', async () => {
    shop.fail(away, 'batchConvert');
    const { text } = await shopper.get('/cart');
    expect(text).toContain('$17.98');
    expect(text).toMatch(/<option[^>]* selected[^>]*>USD</);
    expect(text).not.toContain('€');
  });

  it.each<[string, Partial<ShopHandlers>]>([
    ['fewer amounts than asked for', { batchConvert: async () => ({ converted: [] }) }],
    [
      'amounts of another currency',
      { batchConvert: async ({ from }) => ({ converted: from.map((one) => ({ ...one, currencyCode: 'GBP' })) }) },
    ],
    [
      'malformed amounts',
      { batchConvert: async ({ from }) => ({ converted: from.map((one) => ({ ...one, nanos: -5 })) }) },
    ],
    ['no quote', { getQuote: async () => ({ costUsd: undefined }) }],
    ['a negative quote', { getQuote: async () => ({ costUsd: { currencyCode: 'USD', units: -5n, nanos: 0 } }) }],
    ['no advertisement', { getAds: async () => ({ ads: [] }) }],
    [
      'recommendations of unknown products only',
      { listRecommendations: async () => ({ productIds: ['gone'], products: [] }) },
    ],
  ])('treats an unusable response of an optional upstream as an outage: %s', async (_what, handlers) => {
    shop.respondWith(handlers);
    for (const path of ['/', '/cart', '/product/6E92ZMYYFZ']) {
      const { status, text } = await shopper.get(path);
      expect({ path, status }).toEqual({ path, status: 200 });
      expect(text).toContain('Mug');
    }
  });

  it('shows the cart without a total while there is no quote', async () => {
    shop.fail(away, 'getQuote');
    const { text } = await shopper.get('/cart');
    expect(text).toContain('Added at checkout');
    expect(text).toContain('>Place order<');
  });

  it.each(ESSENTIAL)('answers %s with 503 and Retry-After without %s', async (path, rpc) => {
    shop.fail(away, rpc);
    const { status, headers, text } = await shopper.get(path);
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('5');
    expect(text).toContain('The shop is busy');
    expect(text).not.toContain('away');
  });

  it('answers 503 when an essential upstream does not answer within the budget of the page', async () => {
    shop.hang('listProducts', 'getProduct', 'getCart');
    await using hurried = await startTestFrontend(shop, {}, { budgets: { pageMs: 50 } });
    const paths = ['/', '/product/6E92ZMYYFZ', '/cart'];
    const responses = await Promise.all(paths.map((path) => newShopper(hurried.url).get(path)));
    expect(responses.map(({ status }) => status)).toEqual([503, 503, 503]);
  });

  it('answers 404 for an unknown product without waiting for its recommendations, and cancels that call', async () => {
    shop.hang('listRecommendations');
    // The hanging call has minutes left, so a page that waits for it does not end within the time of a test.
    expect((await shopper.get('/product/nope')).status).toBe(404);
    const [hung] = shop.calls.filter(({ rpc }) => rpc === 'listRecommendations');
    await eventually('the call is cancelled', () => hung?.call.signal.aborted === true);
  });

  it('shows pages while optional upstreams accept connections and never answer', async () => {
    await using silent = await startSilentUpstream();
    const optional = ['AD', 'CART', 'CURRENCY', 'RECOMMENDATION', 'SHIPPING'].map((name) => `${name}_SERVICE_ADDR`);
    const addresses = Object.fromEntries(optional.map((name) => [name, silent.address]));
    const budgets = { optionalPartMs: 50 };
    await using half = await startTestFrontend({ addresses: { ...shop.addresses, ...addresses } }, {}, { budgets });
    const pages = await Promise.all(['/', '/search?q=mug'].map((path) => newShopper(half.url).get(path)));
    expect(pages.map(({ status }) => status)).toEqual([200, 200]);
  });
});
