import { CartServiceDefinition } from '../../src/genproto/hipstershop/cart.ts';
import { OrderState } from '../../src/genproto/hipstershop/order.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { temporaryFolder } from '../../src/lib/testing/temporary-folder.ts';
import { ORDER_REQUEST, startCheckout } from './checkout-process.ts';
import { startTestShop } from './test-shop.ts';

const PAIRS = 200;
const PAIRS_AT_ONCE = 10;

describe('two calls of PlaceOrder with one key at the same time at two replicas', () => {
  it(`make one order and one charge, and both return that order, ${PAIRS} times`, async () => {
    using folder = temporaryFolder();
    await using shop = await startTestShop();
    const env = {
      DATA_DIR: folder.path,
      PAYMENT_SERVICE_ADDR: shop.address('paymentservice'),
      SHIPPING_SERVICE_ADDR: shop.address('shippingservice'),
      ORDER_LEASE_MS: '60000',
    };
    await using first = await startCheckout(shop, env);
    await using second = await startCheckout(shop, env);
    const cart = shop.client(CartServiceDefinition, 'cartservice');

    const users = Array.from({ length: PAIRS }, (_, index) => `user-${index}`);
    const queue = users.values();
    const placePairs = async (): Promise<void> => {
      for (const userId of queue) {
        await cart.addItem({ userId, item: { productId: '6E92ZMYYFZ', quantity: 1 } });
        const request = { ...ORDER_REQUEST, userId, idempotencyKey: `key of ${userId}` };
        const [one, other] = await Promise.all([first.client.placeOrder(request), second.client.placeOrder(request)]);
        expect(other.order?.orderId).toBe(one.order?.orderId);
      }
    };
    await Promise.all(Array.from({ length: PAIRS_AT_ONCE }, placePairs));

    const stateOf = async (userId: string) => {
      const { orders } = await second.client.listOrders({ userId, pageSize: 10, pageToken: '' });
      expect(orders).toHaveLength(1);
      return orders[0]?.state;
    };
    await eventually('every order is confirmed', async () => {
      const states = await Promise.all(users.map(stateOf));
      return states.every((state) => state === OrderState.CONFIRMED);
    });
    const count = (message: string): number => shop.logs.lines().filter(({ msg }) => msg === message).length;
    expect([count('charge made'), count('charge refunded'), count('order shipped')]).toEqual([PAIRS, 0, PAIRS]);
  });
});
