import { type Order, OrderState } from '../../genproto/hipstershop/order.ts';
import { DomainError } from '../../lib/errors.ts';
import { type FakeShop, startFakeShop } from '../fake-shop.testing.ts';
import { GOOD_FORM, newShopper, type Shopper, startTestFrontend, type TestFrontend } from '../shopper.testing.ts';
import { usd, wholeOrder } from '../small-shop.testing.ts';

const result = {
  orderId: 'order-1',
  shippingTrackingId: 'tracking-1',
  shippingCost: usd(500),
  shippingAddress: {
    streetAddress: '1 Main Street',
    city: 'Lisbon',
    state: '',
    country: 'Portugal',
    zipCode: 0,
    postalCode: '1000-205',
  },
  items: [{ item: { productId: '6E92ZMYYFZ', quantity: 3 }, cost: usd(899), productName: 'Mug of old' }],
};

describe('the page of an order', () => {
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

  const show = async (order: Partial<Order> = {}) => {
    shop.respondWith({ getOrder: async () => ({ ...wholeOrder(result, OrderState.CONFIRMED), ...order }) });
    return await shopper.get('/order/order-1');
  };

  it('shows the items, the amounts and the shipping address', async () => {
    const { status, text } = await show();
    expect(status).toBe(200);
    expect(text).toMatch(/Mug of old.*?\$8\.99 each.*?>3<.*?\$26\.97.*?Shipping.*?\$5\.00.*?Total.*?\$31\.97/);
    expect(text).toMatch(/tracking-1.*?1 Main Street.*?Lisbon, 1000-205.*?Portugal/);
    expect(text).toContain('2027-01-15 08:00 UTC');
  });

  it('shows the total that checkoutservice returned', async () => {
    expect((await show({ total: usd(12_345) })).text).toContain('$123.45');
  });

  it('shows the total of the order result when the order itself has none', async () => {
    const { text } = await show({ total: undefined, result: { ...result, total: usd(4242) } });
    expect(text).toMatch(/Total.*?\$42\.42/);
  });

  it('shows the sum of the lines and shipping when checkoutservice returned no total', async () => {
    const { text } = await show({ total: undefined, result: { ...result, total: undefined } });
    expect(text).toMatch(/Total.*?\$31\.97/);
  });

  describe('of a checkout that sends no product names', () => {
    const [line] = result.items;
    const unnamed = { ...result, items: [{ ...line, productName: undefined } as never] };

    it('shows the names of the catalogue', async () => {
      const { text } = await show({ result: unnamed });
      expect(text).toMatch(/>Mug<.*?\$8\.99 each/);
      expect(shop.calls.map(({ rpc }) => rpc)).toContain('batchGetProducts');
    });

    it.each<[string, () => void]>([
      [
        'is unavailable',
        () => shop.fail(new DomainError('unavailable', 'CATALOGUE_UNAVAILABLE', 'away'), 'batchGetProducts'),
      ],
      ['does not have the product', () => shop.respondWith({ batchGetProducts: async () => ({ products: [] }) })],
    ])('shows the product id when the catalogue %s', async (_what, prepare) => {
      prepare();
      const { status, text } = await show({ result: unnamed });
      expect(status).toBe(200);
      expect(text).toMatch(/>6E92ZMYYFZ<.*?\$8\.99 each/);
    });
  });

  it('makes three calls for the order page', async () => {
    await show();
    expect(shop.calls.map(({ rpc }) => rpc).sort()).toEqual(['getCart', 'getOrder', 'getSupportedCurrencies']);
  });

  it.each([
    [OrderState.PLACED, 'charging the card', '2'],
    [OrderState.PAID, 'payment is complete', '2'],
    [OrderState.SHIPPED, 'handed over for shipping', '2'],
    [OrderState.REFUNDING, 'charge is being refunded', '2'],
    [OrderState.CONFIRMED, 'A confirmation mail follows', null],
    [OrderState.REJECTED, 'You were not charged', null],
  ])(
    'shows the state and a Refresh header while the order is in progress: state %s',
    async (state, sentence, refresh) => {
      const { text, headers } = await show({ state });
      expect(text).toContain(sentence);
      expect(headers.get('refresh')).toBe(refresh);
    },
  );

  it('contains “thank you” only once', async () => {
    expect((await show()).text.replace(/<title>.*?<\/title>/, '').match(/thank you/gi)).toHaveLength(1);
  });

  it('shows a refund in the text and in the history of a rejected order', async () => {
    const time = { seconds: 1_800_000_000n, nanos: 0 };
    const states = [OrderState.PLACED, OrderState.PAID, OrderState.REFUNDING, OrderState.REJECTED];
    const history = states.map((state) => ({ state, time, reason: '' }));
    const { text } = await show({ state: OrderState.REJECTED, history });
    expect(text).toContain('The charge was refunded');
    expect(text).toMatch(/History.*Order placed.*Paid.*Refund started.*Refunded, not completed/);
    expect(text).not.toContain('You were not charged');
  });

  it('does not say that nothing was charged when the shop closed an order whose charge was unknown', async () => {
    const time = { seconds: 1_800_000_000n, nanos: 0 };
    const history = [
      { state: OrderState.PLACED, time, reason: '' },
      { state: OrderState.REJECTED, time, reason: 'ORDER_CANCELLED' },
    ];
    const { text } = await show({ state: OrderState.REJECTED, history });
    expect(text).toContain('If your card was charged, the charge was refunded');
    expect(text).not.toContain('You were not charged');
  });

  it('shows what happened, in the words of the shop, also for an event that is newer than the storefront', async () => {
    const time = { seconds: 1_800_000_000n, nanos: 0 };
    const types = ['placed', 'charged', 'refund-requested', 'newer-than-this-code'];
    const events = types.map((type, index) => ({ number: index + 1, time, type, reason: '', data: [] }));
    const { text } = await show({ events });
    expect(text).toMatch(
      /1\. You placed the order.*2\. Your card was charged.*3\. Our staff cancelled the order.*4\. The order was updated/,
    );
  });

  it('says that the addresses were erased', async () => {
    const { text } = await show({ personalDataErased: true, result: { ...result, shippingAddress: undefined } });
    expect(text).toContain('Erased at the request of the shopper');
    expect(text).not.toContain('<address>');
  });

  it.each([99 as OrderState, OrderState.UNSPECIFIED])(
    'shows the unknown state %i as an order in progress',
    async (state) => {
      const page = await show({ state });
      expect(page.status).toBe(200);
      expect(page.headers.get('refresh')).toBe('2');
    },
  );

  it('shows an order only to its shopper', async () => {
    await shopper.post('/cart', { product_id: '6E92ZMYYFZ', quantity: '1' });
    const bought = await shopper.post('/cart/checkout', GOOD_FORM);
    const path = bought.headers.get('location') ?? '';
    expect((await shopper.get(path)).status).toBe(200);
    const stranger = await newShopper(frontend.url).get(path);
    expect(stranger.status).toBe(404);
    expect(stranger.text).not.toContain('Mug');
    await shopper.get('/logout');
    expect((await shopper.get(path)).status).toBe(404);
  });

  it.each<[string, Partial<Order>]>([['nothing', { result: undefined }]])(
    'answers 404 when checkoutservice returns %s',
    async (_what, order) => {
      expect((await show(order)).status).toBe(404);
    },
  );

  it.each<[string, Partial<Order>]>([
    ['no cost of shipping', { result: { ...result, shippingCost: undefined } }],
    ['a line without a price', { result: { ...result, items: [{ item: undefined, cost: undefined }] } }],
    ['two currencies', { result: { ...result, shippingCost: { currencyCode: 'EUR', units: 5n, nanos: 0 } } }],
    ['a malformed total', { total: { currencyCode: 'usd', units: 5n, nanos: 0 } }],
    [
      'a time out of range',
      { history: [{ state: OrderState.PLACED, time: { seconds: 2n ** 62n, nanos: 0 }, reason: '' }] },
    ],
  ])('answers 503 when checkoutservice returns %s', async (_what, order) => {
    const page = await show(order);
    expect(page.status).toBe(503);
    expect(page.headers.get('retry-after')).toBe('5');
  });
});
