import { CartServiceDefinition } from '../../src/genproto/hipstershop/cart.ts';
import { CheckoutServiceDefinition, type PlaceOrderRequest } from '../../src/genproto/hipstershop/checkout.ts';
import { OrderState } from '../../src/genproto/hipstershop/order.ts';
import { connectUpstream } from '../../src/lib/grpc/client.ts';
import { UpstreamError } from '../../src/lib/grpc/upstream-error.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { startTcpProxy, type TcpProxy } from '../../src/lib/testing/tcp-proxy.ts';
import { type TestClient, testCall } from '../../src/lib/testing/test-client.ts';
import type { ServiceName } from '../../src/topology.ts';
import { ORDER_REQUEST } from './checkout-process.ts';
import { startTestShop, type TestShop } from './test-shop.ts';
import { type Fault, faultProxy, type UpstreamProxy } from './upstream-proxy.ts';
import { checkoutForm, hiddenFields, MUG, webShopper } from './web-shopper.ts';

/** Long enough for a slow machine; PlaceOrder waits for a hanging upstream for half of it. */
const DEADLINE_MS = 4000;

const request = (userId: string): PlaceOrderRequest => ({ ...ORDER_REQUEST, userId });

/** The services that price an order, and those that PlaceOrder calls afterwards. */
const PRICING = ['cartservice', 'productcatalogservice', 'currencyservice', 'shippingservice'] as const;
const BEHIND_PROXIES: readonly ServiceName[] = [...PRICING, 'paymentservice', 'emailservice'];

type Outage = 'no connection' | Extract<Fault, 'hangs' | 'unimplemented' | 'exhausted'>;
const OUTAGES = ['no connection', 'hangs', 'unimplemented', 'exhausted'] as const;

describe('PlaceOrder during the outage of an upstream', () => {
  const faults = new Map<ServiceName, Fault>();
  const connections = new Map<ServiceName, TcpProxy>();
  const proxies: UpstreamProxy[] = [];
  let shop: TestShop;
  let checkout: TestClient<CheckoutServiceDefinition>;
  let cart: TestClient<CartServiceDefinition>;
  let users = 0;

  beforeAll(async () => {
    shop = await startTestShop({
      env: { ORDER_LEASE_MS: '1000', TIME_BUDGET_FACTOR: '1' },
      interpose: async (name, address) => {
        if (!BEHIND_PROXIES.includes(name)) return address;
        const faulty = await faultProxy(name, address, () => faults.get(name) ?? 'none');
        const connection = await startTcpProxy(faulty.address);
        proxies.push(faulty, connection);
        connections.set(name, connection);
        return connection.address;
      },
    });
    checkout = shop.client(CheckoutServiceDefinition, 'checkoutservice');
    // Past the proxies, so that an outage does not hide the state of the cart.
    cart = shop.client(CartServiceDefinition, 'cartservice');
  });

  afterAll(async () => {
    await shop[Symbol.asyncDispose]();
    for (const proxy of proxies) await proxy[Symbol.asyncDispose]();
  });

  const count = (message: string): number => shop.logs.lines().filter(({ msg }) => msg === message).length;

  const during = async <T>(outage: Outage, service: ServiceName, work: () => Promise<T>): Promise<T> => {
    const connection = connections.get(service);
    if (outage === 'no connection') await connection?.refuse();
    else faults.set(service, outage);
    try {
      return await work();
    } finally {
      faults.clear();
      if (outage === 'no connection') await connection?.accept();
    }
  };

  const place = async (userId: string): Promise<{ readonly state?: OrderState | undefined } | string> => {
    using upstream = connectUpstream(CheckoutServiceDefinition, {
      to: 'checkoutservice',
      address: shop.address('checkoutservice'),
    });
    using call = testCall(DEADLINE_MS);
    return await upstream.calls.placeOrder(request(userId), call).catch((error: unknown) => {
      if (error instanceof UpstreamError) return `${error.code} ${error.reason}`;
      throw error;
    });
  };

  const ordersOf = async (userId: string) =>
    (await checkout.listOrders({ userId, pageSize: 10, pageToken: '' })).orders.map(({ state }) => state);

  const userWithMug = async (): Promise<string> => {
    const userId = `user-${++users}`;
    await eventually('the cart has a mug', async () => {
      await cart.addItem({ userId, item: { productId: MUG, quantity: 1 } }).catch(() => {});
      return (await cart.getCart({ userId }).catch(() => undefined))?.items[0] !== undefined;
    });
    return userId;
  };

  /** Repeats the call with the same key until the upstreams are connected again. */
  const placeAfterwards = async (userId: string): Promise<void> => {
    await eventually('the same call is placed', async () => typeof (await place(userId)) === 'object');
  };

  describe.each(PRICING)('of %s', (service) => {
    it.each(OUTAGES)('is UNAVAILABLE, stores no order and charges nothing: %s', async (outage) => {
      const userId = await userWithMug();
      const charged = count('charge made');
      expect(await during(outage, service, () => place(userId))).toBe('14 UPSTREAM_UNAVAILABLE');
      expect(await ordersOf(userId)).toEqual([]);
      expect(count('charge made')).toBe(charged);
      await placeAfterwards(userId);
      expect(await ordersOf(userId)).toHaveLength(1);
      await eventually('it is charged once', () => count('charge made') === charged + 1);
    });
  });

  describe('of paymentservice', () => {
    it.each(['no connection', 'unimplemented', 'exhausted'] as const)(
      'is UNAVAILABLE, rejects the order and charges nothing: %s',
      async (outage) => {
        const userId = await userWithMug();
        const charged = count('charge made');
        expect(await during(outage, 'paymentservice', () => place(userId))).toBe('14 PAYMENT_UNREACHABLE');
        expect(await ordersOf(userId)).toEqual([OrderState.REJECTED]);
        expect(count('charge made')).toBe(charged);
        await placeAfterwards(userId);
        await eventually('it is charged once', () => count('charge made') === charged + 1);
      },
    );

    it('returns the order as it stands when the charge hangs, and charges nothing when it was not made', async () => {
      const userId = await userWithMug();
      const charged = count('charge made');
      await during('hangs', 'paymentservice', async () => {
        expect(await place(userId)).toMatchObject({ state: OrderState.PLACED });
      });
      await eventually('the order is rejected', async () => (await ordersOf(userId))[0] === OrderState.REJECTED);
      expect(count('charge made')).toBe(charged);
    });
  });

  it.each(OUTAGES)('of emailservice confirms the order: %s', async (outage) => {
    const userId = await userWithMug();
    await during(outage, 'emailservice', async () => {
      expect(await place(userId)).toMatchObject({ state: OrderState.CONFIRMED });
    });
  });

  it.each([
    ['cartservice', 'exhausted'],
    ['productcatalogservice', 'exhausted'],
    ['currencyservice', 'hangs'],
    ['shippingservice', 'exhausted'],
    ['paymentservice', 'exhausted'],
  ] as const)('shows a page with the form that says that nothing was charged: %s %s', async (service, outage) => {
    const shopper = webShopper(shop.url);
    await eventually('the cart has a mug', async () => {
      await shopper.post('/setCurrency', { currency_code: 'EUR' });
      await shopper.post('/cart', { product_id: MUG, quantity: '1' });
      return (await shopper.get('/cart')).body.includes('name="shown_total"');
    });
    const hidden = hiddenFields((await shopper.get('/cart')).body);
    const form = checkoutForm({ ...hidden, city: 'Lisbon' });
    const page = await during(outage, service, () => shopper.post('/cart/checkout', form));
    expect(page.status).toBe(503);
    expect(page.body).toContain('Nothing was charged');
    expect(page.body).toContain('value="Lisbon"');
    expect(hiddenFields(page.body)).toMatchObject({ cart_key: hidden.cart_key, attempt: hidden.attempt });
    let placed = await shopper.post('/cart/checkout', form);
    await eventually('the same form places the order', async () => {
      if (placed.status !== 303) placed = await shopper.post('/cart/checkout', form);
      return placed.status === 303;
    });
    expect(placed.location).toMatch(/^\/order\//);
  });
});
