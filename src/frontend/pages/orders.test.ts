import type { ListOrdersRequest } from '../../genproto/hipstershop/checkout.ts';
import { OrderState } from '../../genproto/hipstershop/order.ts';
import { DomainError } from '../../lib/errors.ts';
import { type FakeShop, startFakeShop } from '../fake-shop.testing.ts';
import { GOOD_FORM, newShopper, type Shopper, startTestFrontend, type TestFrontend } from '../shopper.testing.ts';
import { usd, wholeOrder } from '../small-shop.testing.ts';

const orderWith = (orderId: string, state: OrderState) => {
  const item = { item: { productId: '6E92ZMYYFZ', quantity: 2 }, cost: usd(899), productName: 'Mug' };
  const result = { orderId, shippingTrackingId: '', shippingCost: usd(500), shippingAddress: undefined, items: [item] };
  return wholeOrder(result, state);
};

describe('the page of the orders of a shopper', () => {
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

  it('says that there are none, and links to the shop', async () => {
    const { status, text } = await shopper.get('/orders');
    expect(status).toBe(200);
    expect(text).toContain('You have not ordered anything yet');
    expect(text).not.toContain('<ol class="orders"');
  });

  it('lists number, date, state and total, and links to the page of each order', async () => {
    const orders = [orderWith('order-2', OrderState.PAID), orderWith('order-1', OrderState.CONFIRMED)];
    shop.respondWith({ listOrders: async () => ({ orders, nextPageToken: '' }) });
    const { text } = await shopper.get('/orders');
    expect(text).toMatch(/href="\/order\/order-2".*?>order-2<.*?2027-01-15 08:00 UTC.*?Paid.*?\$22\.98/);
    expect(text).toMatch(/order-2.*?href="\/order\/order-1".*?Confirmed.*?\$22\.98/);
    expect(text).not.toContain('Older orders');
  });

  it('continues with the token of checkoutservice', async () => {
    const requests: ListOrdersRequest[] = [];
    shop.respondWith({
      listOrders: async (request) => {
        requests.push(request);
        const isFirst = request.pageToken === '';
        return {
          orders: [orderWith(isFirst ? 'newer' : 'older', OrderState.CONFIRMED)],
          nextPageToken: isFirst ? 'a&b' : '',
        };
      },
    });
    const { text } = await shopper.get('/orders');
    const [, href = ''] = /href="([^"]*)" rel="next"/.exec(text) ?? [];
    expect(href).toBe('/orders?page=a%26b');
    const next = await shopper.get(href);
    expect(next.text).toContain('href="/order/older"');
    expect(next.text).toContain('Newest orders');
    expect(requests.map(({ pageSize, pageToken }) => [pageSize, pageToken])).toEqual([
      [10, ''],
      [10, 'a&b'],
    ]);
  });

  it('answers 404 for a token that checkoutservice refuses', async () => {
    shop.fail(new DomainError('invalid', 'PAGE_TOKEN_INVALID', 'forged'), 'listOrders');
    expect((await shopper.get('/orders?page=forged')).status).toBe(404);
  });

  it('answers 503 when checkoutservice is unavailable', async () => {
    shop.fail(new DomainError('unavailable', 'UPSTREAM_UNAVAILABLE', 'away'), 'listOrders');
    expect((await shopper.get('/orders')).status).toBe(503);
  });

  it('shows the orders of the session only, also after the purchase', async () => {
    await shopper.post('/cart', { product_id: '6E92ZMYYFZ', quantity: '1' });
    await shopper.post('/cart/checkout', GOOD_FORM);
    expect((await shopper.get('/orders')).text).toContain('href="/order/order-1"');
    expect((await newShopper(frontend.url).get('/orders')).text).not.toContain('order-1');
  });
});
