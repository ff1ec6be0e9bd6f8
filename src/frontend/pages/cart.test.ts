import { DomainError } from '../../lib/errors.ts';
import type { CartLimit } from '../../reasons.ts';
import { type FakeShop, startFakeShop } from '../fake-shop.testing.ts';
import {
  GOOD_FORM,
  hiddenFieldsOn,
  newShopper,
  type Shopper,
  startTestFrontend,
  type TestFrontend,
} from '../shopper.testing.ts';
import { PRODUCTS } from '../small-shop.testing.ts';

describe('the cart', () => {
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

  const add = (quantity: string, product_id = '6E92ZMYYFZ') => shopper.post('/cart', { product_id, quantity });
  const calls = (rpc: string) => shop.calls.filter((call) => call.rpc === rpc);

  it('shows the added products and the total with shipping', async () => {
    const added = await add('2');
    expect(added.status).toBe(303);
    expect(added.headers.get('location')).toBe('/cart');
    await add('10', 'LS4PSXUNUM');
    const { status, text } = await shopper.get('/cart');
    expect(status).toBe(200);
    expect(text).toMatch(/\$8\.99 each.*?>2<.*?\$17\.98/);
    expect(text).toMatch(/Subtotal.*?\$202\.88.*?Shipping.*?\$5\.00.*?Total.*?\$207\.88/);
    expect(text).toContain('Place order for $207.88');
    expect(text).toMatch(/class="count">12</);
  });

  it('rounds unit prices before it multiplies them, so that the lines add up', async () => {
    shopper.cookies.set('shop_currency', 'EUR');
    await add('10', 'LS4PSXUNUM');
    const { text } = await shopper.get('/cart');
    // 18.49 USD is 9.245 EUR here: 9.24 half to even, ten of them 92.40 and not 92.45.
    expect(text).toMatch(/€9\.24 each.*?€92\.40.*?Shipping.*?€2\.50.*?Total.*?€94\.90/);
  });

  it('makes six calls for the cart page', async () => {
    await add('1');
    shopper.cookies.set('shop_currency', 'EUR');
    const before = shop.calls.length;
    await shopper.get('/cart');
    expect(
      shop.calls
        .slice(before)
        .map(({ rpc }) => rpc)
        .sort(),
    ).toEqual([
      'batchConvert',
      'batchGetProducts',
      'getCart',
      'getQuote',
      'getSupportedCurrencies',
      'listRecommendations',
    ]);
  });

  it('shows the prefilled form with the version of the cart as its key', async () => {
    await add('1');
    const page = await shopper.get('/cart');
    for (const value of [
      'someone@example.com',
      '1600 Amphitheatre Parkway',
      '94043',
      'Mountain View',
      '4432801561520454',
      '672',
    ]) {
      expect(page.text).toContain(`value="${value}"`);
    }
    expect(hiddenFieldsOn(page)).toMatchObject({ cart_key: 'cart:v1', attempt: '1' });
    expect(hiddenFieldsOn(page)).toMatchObject({ shown_currency: 'USD', shown_total: expect.any(String) });
    expect(page.text).toContain(`Place order for $${hiddenFieldsOn(page).shown_total}<`);
    await add('1');
    expect(hiddenFieldsOn(await shopper.get('/cart'))).toMatchObject({ cart_key: 'cart:v2', attempt: '1' });
  });

  it('shows a link to the shop when the cart is empty, without calls for products and quote', async () => {
    const { status, text } = await shopper.get('/cart');
    expect(status).toBe(200);
    expect(text).toContain('Your cart is empty');
    expect(text).not.toContain('action="/cart/checkout"');
    expect([...calls('batchGetProducts'), ...calls('getQuote')]).toEqual([]);
  });

  it('empties the cart', async () => {
    await add('1');
    const emptied = await shopper.post('/cart/empty');
    expect(emptied.status).toBe(303);
    expect(emptied.headers.get('location')).toBe('/');
    expect((await shopper.get('/cart')).text).toContain('Your cart is empty');
  });

  it('shows each shopper only their own cart', async () => {
    await add('1');
    expect((await newShopper(frontend.url).get('/cart')).text).toContain('Your cart is empty');
  });

  it.each(['0', '11', '-1', '1.5', '1e1', '', 'two', '١', ' 2', '99999999999999999999'])(
    'refuses the quantity %j and shows the product page with a message',
    async (quantity) => {
      const refused = await add(quantity);
      expect(refused.status).toBe(422);
      expect(refused.text).toContain('<h1>Mug</h1>');
      expect(refused.text).toContain('Choose a quantity from 1 to 10.');
      expect(calls('addItem')).toEqual([]);
    },
  );

  it.each([{}, { product_id: '6E92ZMYYFZ' }])('refuses an incomplete form: %j', async (form) => {
    expect([404, 422]).toContain((await shopper.post('/cart', form)).status);
    expect(calls('addItem')).toEqual([]);
  });

  it.each(['nope', '', 'a\u0000b', 'x'.repeat(1000), '__proto__'])(
    'refuses a product that does not exist: %j',
    async (id) => {
      expect((await add('1', id)).status).toBe(404);
      expect(calls('addItem')).toEqual([]);
    },
  );

  it.each<[CartLimit, string]>([
    ['CART_FULL', 'as many different products as it can'],
    ['CART_LINE_FULL', 'as many of this product as it can'],
  ])('shows a message when the cart is full: %s', async (reason, sentence) => {
    shop.fail(new DomainError('precondition', reason, 'full'), 'addItem');
    const refused = await add('1');
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('<h1>Mug</h1>');
    expect(refused.text).toContain(sentence);
  });

  it('answers 503 and not “full” when the store of the cart is unavailable', async () => {
    shop.fail(new DomainError('precondition', 'CART_STORE_UNAVAILABLE', 'away'), 'addItem', 'getCart');
    expect((await add('1')).status).toBe(503);
    expect((await shopper.get('/cart')).status).toBe(503);
  });

  it('does not advise to add a product again that may have been added', async () => {
    shop.fail(new DomainError('unavailable', 'CART_STORE_UNAVAILABLE', 'away'), 'addItem');
    const refused = await add('1');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(refused.text).toContain('Please look at your cart before you add this again');
    expect(refused.text).not.toContain('try again');
  });

  it('shows the available products of a cart with an unavailable one', async () => {
    await add('1');
    await add('1', 'LS4PSXUNUM');
    shop.respondWith({ batchGetProducts: async () => ({ products: [PRODUCTS.mug] }) });
    const { status, text } = await shopper.get('/cart');
    expect(status).toBe(200);
    expect(text).toContain('no longer available');
    expect(text).toContain('Subtotal');
    expect(text).toContain('action="/cart/empty"');
    // No order was attempted, so the page reports no failure.
    expect(text).not.toMatch(/was not placed|<title>Error/);
  });

  it('offers to empty a cart whose products are all unavailable', async () => {
    await add('2');
    shop.respondWith({ batchGetProducts: async () => ({ products: [] }) });
    const { status, text } = await shopper.get('/cart');
    expect(status).toBe(200);
    expect(text).toContain('no longer available');
    expect(text).toContain('action="/cart/empty"');
    expect(text).not.toMatch(/Your cart is empty|action="\/cart\/checkout"/);
    await shopper.post('/cart/empty');
    expect((await shopper.get('/cart')).text).toContain('Your cart is empty');
  });

  it('shows a message about an unavailable product only once when the order was refused for it', async () => {
    await add('1');
    shop.respondWith({ batchGetProducts: async () => ({ products: [] }) });
    shop.fail(new DomainError('precondition', 'PRODUCT_GONE', 'gone'), 'placeOrder');
    const { status, text } = await shopper.post('/cart/checkout', GOOD_FORM);
    expect(status).toBe(422);
    expect(text.match(/no longer available/g)).toHaveLength(1);
    expect(text).toContain('Your order was not placed');
    expect(text).toContain('action="/cart/empty"');
  });
});
