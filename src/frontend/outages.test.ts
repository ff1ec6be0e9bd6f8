import { DomainError } from '../lib/errors.ts';
import { eventually } from '../lib/testing/eventually.ts';
import { type FakeShop, type SeenCall, startFakeShop, startSilentPeer } from './fake-shop.testing.ts';
import {
  GOOD_FORM,
  type Got,
  newShopper,
  type Shopper,
  startTestFrontend,
  type TestFrontend,
} from './shopper.testing.ts';
import type { ShopHandlers } from './small-shop.testing.ts';

const away = new DomainError('unavailable', 'AWAY', 'away');

/** What each page can do without, and what it shows all the same. */
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

/** What each page cannot do without. */
const ESSENTIAL: readonly [string, keyof ShopHandlers][] = [
  ['/', 'listProducts'],
  ['/product/6E92ZMYYFZ', 'getProduct'],
  ['/search?q=mug', 'searchProducts'],
  ['/cart', 'getCart'],
  ['/cart', 'batchGetProducts'],
  ['/order/order-1', 'getOrder'],
];

describe('a shop of which parts are away', () => {
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

  const budgetMs = ({ call, atMs }: SeenCall): number => call.deadlineMs - atMs;

  const timed = async (path: string): Promise<Got & { readonly tookMs: number }> => {
    const startedAt = performance.now();
    const got = await shopper.get(path);
    return { ...got, tookMs: performance.now() - startedAt };
  };

  it.each(OPTIONAL)('shows %s without any of what it can do without', async (_page, path, shown, rpcs) => {
    shop.fail(away, ...rpcs);
    const { status, text } = await shopper.get(path);
    expect(status).toBe(200);
    expect(text).toContain(shown);
    expect(frontend.runtime.logs.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', msg: 'page part left out', part: 'currencies' }),
    );
  });

  it('waits 600 milliseconds for each of those, and no longer', async () => {
    shop.hang(...OPTIONAL.flatMap(([, , , rpcs]) => rpcs).filter((rpc) => rpc !== 'getCart'));
    const answers = await Promise.all(OPTIONAL.map(([, path]) => timed(path)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(answers.every(({ text }, index) => text.includes(OPTIONAL[index]?.[2] ?? ''))).toBe(true);
    // What hangs side by side is waited for once, and prices come after what they are of: less than a page's budget.
    expect(Math.max(...answers.map(({ tookMs }) => tookMs))).toBeLessThan(2900);
    const hung = shop.calls.filter(({ rpc }) => rpc === 'getAds' || rpc === 'batchConvert' || rpc === 'getQuote');
    expect(Math.max(...hung.map(budgetMs))).toBeLessThanOrEqual(600);
  });

  it('asks for prices while it still waits for the currencies', async () => {
    shop.hang('getSupportedCurrencies');
    const waiting: boolean[] = [];
    shop.answer({
      batchConvert: async ({ from, toCode }, { requestId }) => {
        const ofPage = shop.calls.filter(({ call }) => call.requestId === requestId);
        waiting.push(ofPage.some(({ rpc, call }) => rpc === 'getSupportedCurrencies' && !call.signal.aborted));
        return { converted: from.map((amount) => ({ ...amount, currencyCode: toCode })) };
      },
    });
    const pages = await Promise.all(['/', '/cart', '/product/6E92ZMYYFZ'].map(timed));
    expect(pages.filter(({ text }) => !text.includes('€8.99'))).toEqual([]);
    expect(waiting).toEqual([true, true, true]);
  });

  it('shows prices in dollars, and says so, while they cannot be converted', async () => {
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
      'amounts that are none',
      { batchConvert: async ({ from }) => ({ converted: from.map((one) => ({ ...one, nanos: -5 })) }) },
    ],
    ['no quote', { getQuote: async () => ({ costUsd: undefined }) }],
    ['a quote below nothing', { getQuote: async () => ({ costUsd: { currencyCode: 'USD', units: -5n, nanos: 0 } }) }],
    ['no advertisement', { getAds: async () => ({ ads: [] }) }],
    ['recommendations of nothing', { listRecommendations: async () => ({ productIds: ['gone'], products: [] }) }],
  ])('takes an optional peer that answers nonsense for one that is away: %s', async (_what, handlers) => {
    shop.answer(handlers);
    for (const path of ['/', '/cart', '/product/6E92ZMYYFZ']) {
      const { status, text } = await shopper.get(path);
      expect({ path, status }).toEqual({ path, status: 200 });
      expect(text).toContain('Mug');
    }
  });

  it('leaves the cart without a total while there is no quote', async () => {
    shop.fail(away, 'getQuote');
    const { text } = await shopper.get('/cart');
    expect(text).toContain('Added at checkout');
    expect(text).toContain('>Place order<');
  });

  it.each(ESSENTIAL)('answers %s with 503 and when to come back, without %s', async (path, rpc) => {
    shop.fail(away, rpc);
    const { status, headers, text } = await shopper.get(path);
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('5');
    expect(text).toContain('The shop is out of breath');
    expect(text).not.toContain('away');
  });

  it('has an answer within three seconds, whatever hangs', async () => {
    shop.hang('listProducts', 'getProduct', 'getCart');
    const answers = await Promise.all(['/', '/product/6E92ZMYYFZ', '/cart'].map(timed));
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(Math.max(...answers.map(({ tookMs }) => tookMs))).toBeLessThan(4000);
    const [hung] = shop.calls.filter(({ rpc }) => rpc === 'listProducts');
    expect(hung && budgetMs(hung)).toBeGreaterThan(2500);
    expect(hung && budgetMs(hung)).toBeLessThan(3000);
  });

  it('says at once that there is no such product, whatever else hangs, and lets go of that', async () => {
    shop.hang('listRecommendations');
    const { status, tookMs } = await timed('/product/nope');
    expect(status).toBe(404);
    expect(tookMs).toBeLessThan(550);
    const [hung] = shop.calls.filter(({ rpc }) => rpc === 'listRecommendations');
    await eventually('the call is cancelled', () => hung?.call.signal.aborted === true, 500);
  });

  it('is not slowed by peers that take connections and never say a word', async () => {
    await using silent = await startSilentPeer();
    const optional = ['AD', 'CART', 'CURRENCY', 'RECOMMENDATION', 'SHIPPING'].map((name) => `${name}_SERVICE_ADDR`);
    const addresses = Object.fromEntries(optional.map((name) => [name, silent.address]));
    await using half = await startTestFrontend({ addresses: { ...shop.addresses, ...addresses } });
    const startedAt = performance.now();
    const pages = await Promise.all(['/', '/search?q=mug'].map((path) => newShopper(half.url).get(path)));
    expect(pages.map(({ status }) => status)).toEqual([200, 200]);
    expect(performance.now() - startedAt).toBeLessThan(2900);
  });
});
