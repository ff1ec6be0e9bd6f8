import { EXTENSIONS, type FakeShop, startFakeShop } from './fake-shop.testing.ts';
import {
  GOOD_FORM,
  hiddenFieldsOn,
  newShopper,
  type Shopper,
  startTestFrontend,
  type TestFrontend,
} from './shopper.testing.ts';
import { PRODUCTS, smallShop, usd } from './small-shop.testing.ts';

describe('a storefront whose upstreams use the original protocol', () => {
  let shop: FakeShop;
  let frontend: TestFrontend;
  let shopper: Shopper;

  beforeAll(async () => {
    shop = await startFakeShop({ lacks: EXTENSIONS });
    frontend = await startTestFrontend(shop);
  });

  afterAll(async () => {
    await frontend[Symbol.asyncDispose]();
    await shop[Symbol.asyncDispose]();
  });

  beforeEach(() => {
    shop.reset();
    shopper = newShopper(frontend.url);
    shop.respondWith({
      getCart: async ({ userId }) => ({
        userId,
        items: [
          { productId: '6E92ZMYYFZ', quantity: 2 },
          { productId: '1YMWWN1N4O', quantity: 1 },
        ],
        version: undefined,
      }),
      listRecommendations: async () => ({ productIds: ['LS4PSXUNUM', 'gone'], products: [] }),
      placeOrder: async (request) => ({
        order: {
          orderId: 'foreign-1',
          shippingTrackingId: 'T-1',
          shippingCost: usd(899),
          shippingAddress: request.address && { ...request.address, postalCode: undefined },
          items: [{ item: { productId: '6E92ZMYYFZ', quantity: 2 }, cost: usd(899), productName: undefined }],
        },
        state: undefined,
      }),
    });
  });

  const calls = (rpc: string) => shop.calls.filter((call) => call.rpc === rpc);

  it('makes one call per product and per amount', async () => {
    shopper.cookies.set('shop_currency', 'EUR');
    const { status, text } = await shopper.get('/cart');
    expect(status).toBe(200);
    expect(text).toMatch(/Mug.*?€4\.50 each.*?€9\.00/);
    expect(text).toMatch(/Watch.*?€55\.00/);
    expect(text).toMatch(/You may also like.*?Salt &amp; Pepper/);
    // Two lines and two recommendations, of which one is gone; then three prices and the quote.
    expect(calls('getProduct')).toHaveLength(4);
    expect(calls('convert')).toHaveLength(4);
  });

  it('shows all prices in one currency, even when one of them cannot be converted', async () => {
    shopper.cookies.set('shop_currency', 'EUR');
    const { convert } = smallShop();
    shop.respondWith({
      convert: async (request, call) => {
        if (request.from?.units === PRODUCTS.watch.priceUsd?.units) throw new Error('no');
        return await convert(request, call);
      },
    });
    const { status, text } = await shopper.get('/');
    expect(status).toBe(200);
    expect(text).toContain('$109.99');
    expect(text).not.toContain('€');
  });

  it('sends the key of the form, and keeps it after an invalid form', async () => {
    const hidden = hiddenFieldsOn(await shopper.get('/cart'));
    expect(hidden).toMatchObject({ cart_key: expect.stringMatching(/^form-[0-9a-f-]{36}$/), attempt: '1' });
    expect(hiddenFieldsOn(await shopper.get('/cart'))).not.toEqual(hidden);
    const again = await shopper.post('/cart/checkout', { ...GOOD_FORM, ...hidden, email: 'not-an-email' });
    expect(hiddenFieldsOn(again)).toEqual(hidden);
  });

  it('keeps orders in memory, per shopper, when checkout has no GetOrder', async () => {
    const bought = await shopper.post('/cart/checkout', GOOD_FORM);
    expect(bought.headers.get('location')).toBe('/order/foreign-1');
    const { status, text, headers } = await shopper.get('/order/foreign-1');
    expect(status).toBe(200);
    expect(headers.get('refresh')).toBeNull();
    expect(text).toMatch(/Thank you for your order.*?6E92ZMYYFZ.*?\$17\.98.*?\$26\.97.*?T-1/);
    expect(text).toContain('Mountain View, CA 94043');
    expect((await newShopper(frontend.url).get('/order/foreign-1')).status).toBe(404);
    expect((await shopper.get('/order/foreign-2')).status).toBe(404);
  });
});
