import { type FakeShop, startFakeShop } from '../fake-shop.testing.ts';
import { newShopper, type Shopper, startTestFrontend, type TestFrontend } from '../shopper.testing.ts';

describe('the session', () => {
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
  });

  it.each(['USD', 'EUR', 'CAD', 'JPY', 'GBP', 'TRY'])(
    'stores the chosen currency %s in a cookie for 48 hours',
    async (code) => {
      const set = await shopper.post('/setCurrency', { currency_code: code });
      expect(set.status).toBe(303);
      expect(set.headers.getSetCookie()).toContain(
        `shop_currency=${code}; Max-Age=172800; Path=/; HttpOnly; SameSite=Lax`,
      );
    },
  );

  it('shows prices in the chosen currency from then on', async () => {
    await shopper.post('/setCurrency', { currency_code: 'JPY' });
    expect((await shopper.get('/')).text).toContain('¥899');
  });

  it('redirects to the page on which the currency was chosen', async () => {
    const referer = `${frontend.url}/search?q=mug&x=1`;
    const set = await shopper.post('/setCurrency', { currency_code: 'EUR' }, { referer });
    expect(set.headers.get('location')).toBe('/search?q=mug&x=1');
  });

  it.each([
    undefined,
    'http://evil.example/cart',
    'http://127.0.0.1:1/cart',
    'HERE//evil.example',
    'HERE/\\evil.example',
    'HERE@evil.example/cart',
  ])('redirects to the home page when the Referer is absent or on another site: %s', async (from) => {
    const referer = from?.replace('HERE', frontend.url);
    const headers: Record<string, string> = referer === undefined ? {} : { referer };
    const set = await shopper.post('/setCurrency', { currency_code: 'EUR' }, headers);
    expect(set.status).toBe(303);
    expect(set.headers.get('location')).toBe('/');
  });

  it.each(['AED', 'eur', '', 'EUR\u0000', '<b>'])('refuses %j as a currency', async (currency_code) => {
    const set = await shopper.post('/setCurrency', { currency_code });
    expect(set.status).toBe(422);
    expect(set.headers.getSetCookie().join()).not.toContain('shop_currency');
    expect(set.text).not.toContain('<b>');
  });

  it('ends with a logout, which clears all cookies', async () => {
    await shopper.post('/setCurrency', { currency_code: 'EUR' });
    const out = await shopper.get('/logout');
    expect(out.status).toBe(302);
    expect(out.headers.get('location')).toBe('/');
    const cookies = out.headers.getSetCookie();
    expect(cookies.filter((cookie) => !/^shop_[\w-]+=; Max-Age=0; Path=\/;/.test(cookie))).toEqual([]);
    expect(cookies.map((cookie) => cookie.split('=')[0])).toEqual(
      expect.arrayContaining(['shop_session-id', 'shop_currency']),
    );
    expect(shopper.cookies.size).toBe(0);
  });
});
