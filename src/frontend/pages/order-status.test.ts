import { OrderState } from '../../genproto/hipstershop/order.ts';
import { DomainError } from '../../lib/errors.ts';
import { TEST_START_MS } from '../../lib/testing/test-runtime.ts';
import { type FakeShop, startFakeShop } from '../fake-shop.testing.ts';
import { startPlainCheckout } from '../plain-checkout.testing.ts';
import { GOOD_FORM, newShopper, type Shopper, startTestFrontend, type TestFrontend } from '../shopper.testing.ts';
import { orderOf, wholeOrder } from '../small-shop.testing.ts';

const away = new DomainError('unavailable', 'UPSTREAM_UNAVAILABLE', 'away');
const none = new DomainError('not-found', 'ORDER_UNKNOWN', 'no such order');
const statusPath = (sinceMs: number): string => `/order-status?key=cart%3Av1%3A1&since=${sinceMs}`;

describe('the page of an order whose placing got no response', () => {
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

  const look = async (sinceMs = TEST_START_MS) => await shopper.get(statusPath(sinceMs));

  it('redirects to the order when it is found by its key', async () => {
    const place = { userId: '', userCurrency: 'USD', email: '', address: undefined, creditCard: undefined };
    shop.respondWith({
      getOrder: async ({ idempotencyKey }) => wholeOrder(orderOf(place, `of ${idempotencyKey}`, []), OrderState.PLACED),
    });
    const found = await look();
    expect(found.status).toBe(303);
    expect(found.headers.get('location')).toBe('/order/of%20cart%3Av1%3A1');
  });

  it('looks again while the order may still be placed', async () => {
    shop.fail(none, 'getOrder');
    const page = await look();
    expect(page.status).toBe(200);
    expect(page.headers.get('refresh')).toBe(`2; url=${statusPath(TEST_START_MS)}`);
    expect(page.text).toContain('We are looking for your order');
    expect(page.text).toContain('your card may have been charged');
  });

  it('states that nothing was charged when the order cannot be placed any more, and does not look again', async () => {
    shop.fail(none, 'getOrder');
    const page = await look(0);
    expect(page.status).toBe(200);
    expect(page.headers.get('refresh')).toBeNull();
    expect(page.text).toContain('Your order was not placed');
    expect(page.text).toContain('Nothing was charged');
    expect(page.text).toContain('href="/cart"');
  });

  it('looks again, however late, while checkoutservice is away', async () => {
    shop.fail(away, 'getOrder');
    const page = await look(0);
    expect(page.status).toBe(503);
    expect(page.headers.get('refresh')).toBe(`2; url=${statusPath(0)}`);
    expect(page.text).not.toMatch(/nothing was charged/i);
  });

  it('does not look again when checkoutservice cannot find an order by its key', async () => {
    await using checkout = await startPlainCheckout({ code: 14, details: 'away' });
    await using original = await startTestFrontend(shop, { CHECKOUT_SERVICE_ADDR: checkout.address });
    const page = await newShopper(original.url).get(statusPath(0));
    expect(page.headers.get('refresh')).toBeNull();
    expect(page.text).toContain('check your mail before you order again');
  });

  it('cannot look for the order of a form without a key', async () => {
    await using checkout = await startPlainCheckout({ code: 14, details: 'away' });
    await using other = await startTestFrontend(shop, { CHECKOUT_SERVICE_ADDR: checkout.address });
    const sender = newShopper(other.url);
    await sender.post('/cart', { product_id: '6E92ZMYYFZ', quantity: '2' });
    const page = await sender.post('/cart/checkout', GOOD_FORM);
    expect(page.status).toBe(503);
    expect(page.headers.get('refresh')).toBeNull();
    expect(page.text).toContain('check your mail before you order again');
  });

  it.each(['', '?key=cart%3Av1%3A1', '?key=%3Cb%3E&since=1', '?key=cart%3Av1%3A1&since=-1'])(
    'is not found for the query %j',
    async (query) => expect((await shopper.get(`/order-status${query}`)).status).toBe(404),
  );
});
