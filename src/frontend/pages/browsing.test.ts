import { type FakeShop, startFakeShop } from '../fake-shop.testing.ts';
import { newShopper, type Shopper, startTestFrontend, type TestFrontend } from '../shopper.testing.ts';
import { PRODUCTS, usd } from '../small-shop.testing.ts';

describe('browsing', () => {
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

  beforeEach(() => {
    shop.reset();
    shopper = newShopper(frontend.url);
    shopper.cookies.set('shop_currency', 'EUR');
  });

  const rpcs = () => shop.calls.map(({ rpc }) => rpc).sort();
  const requests = (rpc: string) => shop.calls.filter((call) => call.rpc === rpc).map(({ request }) => request);

  describe('the home page', () => {
    it('shows every product with its price in the shopper’s currency', async () => {
      const { status, text } = await shopper.get('/');
      expect(status).toBe(200);
      expect(text).toMatch(/href="\/product\/6E92ZMYYFZ".*?Mug.*?€4\.50/);
      expect(text).toMatch(/Watch.*?€55\.00/);
      expect(text).toContain('A mug for everyone');
    });

    it('makes five calls, none of them twice', async () => {
      await shopper.get('/');
      expect(rpcs()).toEqual(['batchConvert', 'getAds', 'getCart', 'getSupportedCurrencies', 'listProducts']);
    });

    it('makes four calls when prices are shown in dollars, without a conversion', async () => {
      shopper.cookies.set('shop_currency', 'USD');
      expect((await shopper.get('/')).text).toContain('$8.99');
      expect(rpcs()).toEqual(['getAds', 'getCart', 'getSupportedCurrencies', 'listProducts']);
    });

    it('offers the convertible currencies, and selects the chosen one', async () => {
      const { text } = await shopper.get('/');
      const options = [...text.matchAll(/<option[^>]*value="([A-Z]{3})"/g)].map(([, code]) => code);
      expect(options).toEqual(['USD', 'EUR', 'JPY', 'GBP']);
      expect(text).toMatch(/<option[^>]* selected[^>]*>EUR</);
    });

    it('shows no products when the catalogue is empty', async () => {
      shop.respondWith({ listProducts: async () => ({ products: [] }) });
      expect(await shopper.get('/')).toMatchObject({ status: 200 });
    });

    it('shows more products than fit in one conversion call', async () => {
      const products = Array.from({ length: 205 }, (_, index) => ({ ...PRODUCTS.mug, id: `P${index}` }));
      shop.respondWith({ listProducts: async () => ({ products }) });
      const { text } = await shopper.get('/');
      expect(text.match(/€4\.50/g)).toHaveLength(205);
      expect(requests('batchConvert').map((request) => (request as { from: unknown[] }).from.length)).toEqual([
        100, 100, 5,
      ]);
    });

    it.each([
      ['none', undefined],
      ['an amount with contradictory signs', { currencyCode: 'USD', units: 1n, nanos: -1 }],
      ['an amount without a currency', { currencyCode: '', units: 1n, nanos: 0 }],
      ['an amount in another currency', { currencyCode: 'EUR', units: 1n, nanos: 0 }],
      ['a negative amount', usd(-100)],
    ])('omits a product whose price is %s, and reports it', async (_what, priceUsd) => {
      const odd = { ...PRODUCTS.mug, id: 'ODD', name: 'Oddity', priceUsd };
      shop.respondWith({
        listProducts: async () => ({ products: [odd, PRODUCTS.watch] }),
        getProduct: async () => odd,
      });
      const { status, text } = await shopper.get('/');
      expect(status).toBe(200);
      expect(text).toContain('Watch');
      expect(text).not.toContain('Oddity');
      expect((await shopper.get('/product/ODD')).status).toBe(404);
      expect(frontend.runtime.logs.lines).toContainEqual(
        expect.objectContaining({ level: 'warn', msg: 'product without usable price', productId: 'ODD' }),
      );
    });

    it.each(['//evil.example/', '/\\evil.example', '/\t/evil.example', 'https://evil.example/', 'javascript:alert(1)'])(
      'shows no advertisement that leads out of the shop: %j',
      async (redirectUrl) => {
        shop.respondWith({ getAds: async () => ({ ads: [{ redirectUrl, text: 'Click here' }] }) });
        const { status, text } = await shopper.get('/');
        expect(status).toBe(200);
        expect(text).not.toContain('Click here');
      },
    );
  });

  describe('a product’s page', () => {
    it('shows the product, four recommendations and an advertisement for its category', async () => {
      shop.respondWith({
        listRecommendations: async () => {
          const products = Array.from({ length: 5 }, (_, index) => ({ ...PRODUCTS.watch, id: `W${index}` }));
          return { productIds: products.map(({ id }) => id), products };
        },
      });
      const { status, text } = await shopper.get('/product/LS4PSXUNUM');
      expect(status).toBe(200);
      expect(text).toContain('<h1>Salt &amp; Pepper Shakers</h1>');
      expect(text).toContain('€9.24');
      expect(text.match(/€55\.00/g)).toHaveLength(4);
      expect(text).toContain('A mug for kitchen');
      expect(requests('listRecommendations')).toEqual([{ userId: expect.any(String), productIds: ['LS4PSXUNUM'] }]);
    });

    it('makes six calls', async () => {
      await shopper.get('/product/6E92ZMYYFZ');
      expect(rpcs()).toEqual([
        'batchConvert',
        'getAds',
        'getCart',
        'getProduct',
        'getSupportedCurrencies',
        'listRecommendations',
      ]);
    });

    it('escapes the texts of the catalogue', async () => {
      const name = '<script>alert(1)</script>';
      shop.respondWith({
        getProduct: async () => ({ ...PRODUCTS.mug, name, description: '"><img src=x>', categories: [name] }),
      });
      const { text } = await shopper.get('/product/6E92ZMYYFZ');
      expect(text).not.toMatch(/<script|<img src=x/);
    });

    it('is also available as JSON, with the field names of the protocol', async () => {
      const { status, headers, text } = await shopper.get('/product-meta/6E92ZMYYFZ');
      expect({ status, type: headers.get('content-type') }).toEqual({
        status: 200,
        type: 'application/json; charset=utf-8',
      });
      expect(JSON.parse(text)).toEqual({
        id: '6E92ZMYYFZ',
        name: 'Mug',
        description: 'Mug, described.',
        picture: '',
        price_usd: { currency_code: 'USD', units: 8, nanos: 990_000_000 },
        categories: ['kitchen'],
      });
      expect(await shopper.get('/product-meta/nope')).toMatchObject({
        status: 404,
        text: '{"error":"no such product"}',
      });
    });
  });

  describe('searching', () => {
    it('shows the results and the query', async () => {
      const { status, text } = await shopper.get('/search?q=+pepper+');
      expect(status).toBe(200);
      expect(text).toContain('Salt &amp; Pepper Shakers');
      expect(text).not.toContain('Watch');
      expect(text).toContain('value="pepper"');
    });

    it('escapes the query', async () => {
      const { status, text } = await shopper.get(`/search?q=${encodeURIComponent('"><script>alert(1)</script>')}`);
      expect(status).toBe(200);
      expect(text).not.toContain('<script');
    });

    it('passes on the whole query, including question marks', async () => {
      await shopper.get('/search?q=what?&q=second');
      expect(requests('searchProducts')).toEqual([{ query: 'what?' }]);
    });

    it('accepts a query of 128 characters', async () => {
      expect((await shopper.get(`/search?q=${'x'.repeat(128)}`)).status).toBe(200);
    });

    it.each(['x'.repeat(129), '%00', 'a%0ab', '%ff', '%c0%ae'])('refuses an invalid query: %s', async (query) => {
      expect((await shopper.get(`/search?q=${query}`)).status).toBe(400);
      expect(requests('searchProducts')).toEqual([]);
    });
  });
});
