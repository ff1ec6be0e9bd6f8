import { CheckoutServiceDefinition } from '../../src/genproto/hipstershop/checkout.ts';
import { OrderState } from '../../src/genproto/hipstershop/order.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import type { ServiceName } from '../../src/topology.ts';
import { originalServices } from '../contracts/original-services.ts';
import { type MakeProxy, startShopBehind } from './shop-behind.ts';
import { grpcServiceNames, type TestShop } from './test-shop.ts';
import { faultProxy, originalProxy } from './upstream-proxy.ts';
import { checkoutForm, MUG, shopAround, webShopper } from './web-shopper.ts';

const originals = grpcServiceNames.filter((name) => originalServices.includes(name));
const DECLINED_CARD = '4000000000000002';

async function shopWithOriginal(...services: readonly ServiceName[]): Promise<TestShop> {
  return await startShopBehind({}, (name) => (services.includes(name) ? originalProxy : undefined));
}

describe('a shop in which one service implements the original protocol only', () => {
  it.each(originals)('completes an order with the original %s', async (service) => {
    await using shop = await shopWithOriginal(service);
    const order = await shopAround(webShopper(shop.url));
    expect(order.body).toContain('€23.85');
    expect(shop.logs.errors()).toEqual([]);
  });

  it('completes an order when every service is original', async () => {
    await using shop = await shopWithOriginal(...originals);
    const order = await shopAround(webShopper(shop.url));
    expect(order.body).toContain('€23.85');
  });

  it('accepts two orders of the same goods although carts have no versions', async () => {
    await using shop = await shopWithOriginal('cartservice');
    const shopper = webShopper(shop.url);
    const buy = async (): Promise<string> => {
      await shopper.post('/cart', { product_id: MUG, quantity: '1' });
      return (await shopper.post('/cart/checkout', checkoutForm())).location;
    };
    const [first, second] = [await buy(), await buy()];
    expect(first).toMatch(/^\/order\//);
    expect(second).toMatch(/^\/order\//);
    expect(second).not.toBe(first);
  });

  it('shows an order to its shopper only although checkout stores no orders', async () => {
    await using shop = await shopWithOriginal('checkoutservice');
    const shopper = webShopper(shop.url);
    await shopper.post('/cart', { product_id: MUG, quantity: '3' });
    const { location } = await shopper.post('/cart/checkout', checkoutForm());
    const page = await shopper.get(location);
    expect(page.status).toBe(200);
    expect(page.body).toContain('$35.96');
    expect((await webShopper(shop.url).get(location)).status).toBe(404);
  });

  it('shows a declined card next to its field', async () => {
    await using shop = await shopWithOriginal('paymentservice');
    const shopper = webShopper(shop.url);
    await shopper.post('/cart', { product_id: MUG, quantity: '1' });
    const response = await shopper.post('/cart/checkout', checkoutForm({ credit_card_number: DECLINED_CARD }));
    expect(response.status).toBe(422);
    expect(response.body).toContain('This card was declined');
    expect((await shopper.get('/cart')).body).toContain('Mug');
  });
});

describe('a shop whose payment service cannot refund', () => {
  const loseShipments: MakeProxy = (name, address) =>
    faultProxy(name, address, (rpc) => (rpc === 'ShipOrder' ? 'lost-before' : 'none'));

  it('shows the order as refunding, and not as rejected', async () => {
    await using shop = await startShopBehind({}, (name) => {
      if (name === 'paymentservice') return originalProxy;
      return name === 'shippingservice' ? loseShipments : undefined;
    });
    const shopper = webShopper(shop.url);
    await shopper.post('/cart', { product_id: MUG, quantity: '1' });
    const { location } = await shopper.post('/cart/checkout', checkoutForm());
    const checkout = shop.client(CheckoutServiceDefinition, 'checkoutservice');
    const orderId = location.replace('/order/', '');
    await eventually('the refund is open', async () => {
      const order = await checkout.getOrder({ userId: shopper.userId(), orderId });
      return order.state === OrderState.REFUNDING;
    });
    expect((await shopper.get(location)).body).toContain('The charge is being refunded');
  });
});
