import { CartServiceDefinition } from '../../src/genproto/hipstershop/cart.ts';
import { OrderState } from '../../src/genproto/hipstershop/order.ts';
import { PaymentServiceDefinition } from '../../src/genproto/hipstershop/payment.ts';
import { ShippingServiceDefinition } from '../../src/genproto/hipstershop/shipping.ts';
import { startGrpcServer } from '../../src/lib/grpc/server.ts';
import { openEmbeddedDatabase } from '../../src/lib/store/embedded-database.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { temporaryFolder } from '../../src/lib/testing/temporary-folder.ts';
import { TEST_SERVER } from '../../src/lib/testing/test-client.ts';
import { testRuntime } from '../../src/lib/testing/test-runtime.ts';
import { ORDER_REQUEST, startCheckout } from './checkout-process.ts';
import { startTestShop, type TestShop } from './test-shop.ts';

type Held = 'charge' | 'ship';

/** Servers in front of payment and shipping that forward every call. They delay the response to one RPC until the test releases it. */
async function openUpstreams(shop: TestShop, held: Held) {
  const payment = shop.client(PaymentServiceDefinition, 'paymentservice');
  const shipping = shop.client(ShippingServiceDefinition, 'shippingservice');
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const hold = async <T>(call: Held, response: Promise<T>): Promise<T> => {
    const done = await response;
    if (call === held) await released;
    return done;
  };
  const options = { config: TEST_SERVER, defaultDeadlineMs: 60_000 };
  const paymentServer = await startGrpcServer({
    ...options,
    definition: PaymentServiceDefinition,
    handlers: {
      charge: (request) => hold('charge', payment.charge(request)),
      getCharge: (request) => payment.getCharge(request),
      refund: (request) => payment.refund(request),
    },
    protoFile: 'hipstershop/payment.proto',
    runtime: testRuntime({ service: 'paymentservice' }),
  });
  const shippingServer = await startGrpcServer({
    ...options,
    definition: ShippingServiceDefinition,
    handlers: {
      getQuote: (request) => shipping.getQuote(request),
      shipOrder: (request) => hold('ship', shipping.shipOrder(request)),
      cancelShipment: (request) => shipping.cancelShipment(request),
    },
    protoFile: 'hipstershop/shipping.proto',
    runtime: testRuntime({ service: 'shippingservice' }),
  });
  return {
    release,
    env: { PAYMENT_SERVICE_ADDR: paymentServer.address, SHIPPING_SERVICE_ADDR: shippingServer.address },
    [Symbol.asyncDispose]: async () => {
      release();
      await Promise.all([paymentServer[Symbol.asyncDispose](), shippingServer[Symbol.asyncDispose]()]);
    },
  };
}

describe('checkoutservice, killed while a shopper waits', () => {
  it('is replaced by another replica: one charge and one shipment, although the charge took longer than a lease', async () => {
    using folder = temporaryFolder();
    await using shop = await startTestShop();
    await using upstreams = await openUpstreams(shop, 'charge');
    const env = { ...upstreams.env, DATA_DIR: folder.path, ORDER_LEASE_MS: '1000' };
    await using first = await startCheckout(shop, env);
    await using second = await startCheckout(shop, env);
    const cart = shop.client(CartServiceDefinition, 'cartservice');
    await cart.addItem({ userId: 'ann', item: { productId: '6E92ZMYYFZ', quantity: 2 } });
    const lost = first.client.placeOrder(ORDER_REQUEST).catch((error: unknown) => error);

    await using database = await openEmbeddedDatabase({ dataDirectory: folder.path, service: 'checkoutservice' });
    const leaseEndMs = (): number => {
      const [lease] = database.table<{ readonly untilMs: number }>('leases').entries();
      return lease?.value.untilMs ?? 0;
    };
    await eventually('the order has a lease', () => leaseEndMs() > 0);
    const firstEndMs = leaseEndMs();
    await eventually('the lease was renewed after its end', () => leaseEndMs() > firstEndMs + 1000);
    expect(await second.client.placeOrder(ORDER_REQUEST)).toMatchObject({ state: OrderState.PLACED });
    first.child.signal('SIGKILL');
    expect(await lost).toMatchObject({ name: 'UpstreamError' });
    await eventually('the other replica has confirmed the order', async () => {
      const { orders } = await second.client.listOrders({ userId: 'ann', pageSize: 10, pageToken: '' });
      return orders[0]?.state === OrderState.CONFIRMED;
    });
    const count = (message: string): number => shop.logs.lines().filter(({ msg }) => msg === message).length;
    expect([count('charge made'), count('order shipped'), count('charge refunded')]).toEqual([1, 1, 0]);
  });

  it.each([
    ['the charge', 'charge', 'charge made'],
    ['the shipment', 'ship', 'order shipped'],
  ] as const)(
    'finishes the order after a restart, with one charge and one shipment, when it dies between %s and its response',
    async (_what, held, done) => {
      using folder = temporaryFolder();
      await using shop = await startTestShop();
      await using upstreams = await openUpstreams(shop, held);
      const env = { ...upstreams.env, DATA_DIR: folder.path, ORDER_LEASE_MS: '1000' };
      const cart = shop.client(CartServiceDefinition, 'cartservice');
      await cart.addItem({ userId: 'ann', item: { productId: '6E92ZMYYFZ', quantity: 2 } });
      const count = (message: string): number => shop.logs.lines().filter(({ msg }) => msg === message).length;

      await using first = await startCheckout(shop, env);
      const lost = first.client.placeOrder(ORDER_REQUEST).catch((error: unknown) => error);
      await eventually('the call is done, and its response is held back', () => count(done) === 1);
      first.child.signal('SIGKILL');
      expect(await first.child.ended()).toBe('SIGKILL');
      expect(await lost).toMatchObject({ name: 'UpstreamError' });
      upstreams.release();

      await using second = await startCheckout(shop, env);
      const orders = async () =>
        (await second.client.listOrders({ userId: 'ann', pageSize: 10, pageToken: '' })).orders;
      await eventually('the order is confirmed', async () => {
        const [order] = await orders();
        return order?.state === OrderState.CONFIRMED;
      });
      // The shopper repeats the order, as the page advises.
      const repeated = await second.client.placeOrder(ORDER_REQUEST);
      expect(repeated.state).toBe(OrderState.CONFIRMED);
      expect((await orders()).map(({ result }) => result?.orderId)).toEqual([repeated.order?.orderId]);
      expect([count('charge made'), count('order shipped'), count('charge refunded')]).toEqual([1, 1, 0]);
    },
  );
});
