import { CartServiceDefinition } from '../../src/genproto/hipstershop/cart.ts';
import { CheckoutServiceDefinition } from '../../src/genproto/hipstershop/checkout.ts';
import { OrderState } from '../../src/genproto/hipstershop/order.ts';
import { PaymentServiceDefinition } from '../../src/genproto/hipstershop/payment.ts';
import { ShippingServiceDefinition } from '../../src/genproto/hipstershop/shipping.ts';
import { startGrpcServer } from '../../src/lib/grpc/server.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { openEmbeddedDatabase } from '../../src/lib/store/embedded-database.ts';
import { type Child, runNode } from '../../src/lib/testing/child-process.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { temporaryFolder } from '../../src/lib/testing/temporary-folder.ts';
import { TEST_SERVER, testClient } from '../../src/lib/testing/test-client.ts';
import { testRuntime } from '../../src/lib/testing/test-runtime.ts';
import { startTestShop, type TestShop } from './test-shop.ts';

const REQUEST = {
  userId: 'ann',
  userCurrency: 'EUR',
  address: { streetAddress: 'Rue 1', city: 'Lyon', state: '', country: 'France', zipCode: 69_001 },
  email: 'ann@example.com',
  idempotencyKey: 'key of the form',
  creditCard: {
    creditCardNumber: '4432801561520454',
    creditCardCvv: 672,
    creditCardExpirationYear: 2099,
    creditCardExpirationMonth: 1,
  },
};

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

/** Starts checkoutservice in a separate process. */
async function startCheckout(shop: TestShop, env: Record<string, string>) {
  const child: Child = runNode(projectPath('dist', 'checkoutservice', 'main.js'), {
    HOST: '127.0.0.1',
    PORT: '0',
    CART_SERVICE_ADDR: shop.address('cartservice'),
    CURRENCY_SERVICE_ADDR: shop.address('currencyservice'),
    EMAIL_SERVICE_ADDR: shop.address('emailservice'),
    PRODUCT_CATALOG_SERVICE_ADDR: shop.address('productcatalogservice'),
    ...env,
  });
  const { listening } = await child.logged('started');
  const client = testClient(CheckoutServiceDefinition, String(listening));
  return {
    child,
    client,
    [Symbol.asyncDispose]: async () => {
      client[Symbol.dispose]();
      await child[Symbol.asyncDispose]();
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
    const lost = first.client.placeOrder(REQUEST).catch((error: unknown) => error);

    await using database = await openEmbeddedDatabase({ dataDirectory: folder.path, service: 'checkoutservice' });
    const leaseEndMs = (): number => {
      const [lease] = database.table<{ readonly untilMs: number }>('leases').entries();
      return lease?.value.untilMs ?? 0;
    };
    await eventually('the order has a lease', () => leaseEndMs() > 0);
    const firstEndMs = leaseEndMs();
    await eventually('the lease was renewed after its end', () => leaseEndMs() > firstEndMs + 1000);
    expect(await second.client.placeOrder(REQUEST)).toMatchObject({ state: OrderState.PLACED });
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
      const lost = first.client.placeOrder(REQUEST).catch((error: unknown) => error);
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
      const repeated = await second.client.placeOrder(REQUEST);
      expect(repeated.state).toBe(OrderState.CONFIRMED);
      expect((await orders()).map(({ result }) => result?.orderId)).toEqual([repeated.order?.orderId]);
      expect([count('charge made'), count('order shipped'), count('charge refunded')]).toEqual([1, 1, 0]);
    },
  );
});
