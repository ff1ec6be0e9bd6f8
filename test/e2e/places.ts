import { randomUUID } from 'node:crypto';
import { readConfig as readFrontendConfig } from '../../src/frontend/config.ts';
import { start as startFrontend } from '../../src/frontend/service.ts';
import { CheckoutServiceDefinition } from '../../src/genproto/hipstershop/checkout.ts';
import { type Order, OrderState } from '../../src/genproto/hipstershop/order.ts';
import { DomainError } from '../../src/lib/errors.ts';
import { type GrpcServer, startGrpcServer } from '../../src/lib/grpc/server.ts';
import type { RunningService } from '../../src/lib/runtime/runtime.ts';
import { freePort } from '../../src/lib/testing/free-port.ts';
import { TEST_SERVER } from '../../src/lib/testing/test-client.ts';
import { TEST_START_MS, testRuntime } from '../../src/lib/testing/test-runtime.ts';
import { type ServiceName, topology } from '../../src/topology.ts';
import { startTestShop, type TestShop } from '../integration/test-shop.ts';

/** Storefronts that show every page of the shop, including those of an outage and of an order in progress. */
export type Places = AsyncDisposable & {
  readonly shop: TestShop;
  /** The storefront of `shop`. */
  readonly url: string;
  /** A storefront of the same shop whose catalogue is unreachable. */
  readonly outageUrl: string;
  /**
   * A storefront of the same shop that shows orders in any state: `/order/PAID` is in state PAID. `/order/ARRIVING` is
   * PAID at its first request, and CONFIRMED at every later one.
   */
  readonly ordersUrl: string;
};

export async function openPlaces(): Promise<Places> {
  const opened: AsyncDisposable[] = [];
  const close = async (): Promise<void> => {
    for (const one of [...opened].reverse()) await one[Symbol.asyncDispose]();
  };
  const keep = <T extends AsyncDisposable>(one: T): T => {
    opened.push(one);
    return one;
  };
  try {
    const shop = keep(await startTestShop());
    const orders = keep(await startOrderServer());
    const unreachable = `127.0.0.1:${await freePort()}`;
    const outage = keep(await startStorefront(shop, { productcatalogservice: unreachable }));
    const moving = keep(await startStorefront(shop, { checkoutservice: orders.address }));
    return {
      shop,
      url: shop.url,
      outageUrl: `http://${outage.address}`,
      ordersUrl: `http://${moving.address}`,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startStorefront(
  shop: TestShop,
  others: Readonly<Partial<Record<ServiceName, string>>>,
): Promise<RunningService> {
  const peers = Object.keys(topology.frontend.calls) as ServiceName[];
  const addresses = peers.map((peer) => [topology[peer].addressVariable, others[peer] ?? shop.address(peer)]);
  const config = readFrontendConfig({ HOST: '127.0.0.1', PORT: '0', ...Object.fromEntries(addresses) });
  return await startFrontend(config, testRuntime({ service: 'frontend', newId: randomUUID }));
}

// A server of the checkout contract that has one order in each state.
async function startOrderServer(): Promise<GrpcServer> {
  const seen = new Set<string>();
  const stateOf = (userId: string, orderId: string): OrderState => {
    if (orderId in OrderState) return OrderState[orderId as keyof typeof OrderState];
    if (orderId !== 'ARRIVING') throw new DomainError('not-found', 'ORDER_UNKNOWN', 'there is no such order');
    const isKnown = seen.has(userId);
    seen.add(userId);
    return isKnown ? OrderState.CONFIRMED : OrderState.PAID;
  };
  return await startGrpcServer({
    definition: CheckoutServiceDefinition,
    handlers: {
      placeOrder: async () => {
        throw new DomainError('precondition', 'SHIPPING_UNAVAILABLE', 'this server accepts no order');
      },
      getOrder: async ({ userId, orderId }) => orderIn(stateOf(userId, orderId), orderId),
      listOrders: async () => ({ orders: [], nextPageToken: '' }),
    },
    protoFile: topology.checkoutservice.protoFile,
    config: TEST_SERVER,
    defaultDeadlineMs: 2000,
    runtime: testRuntime({ service: 'checkoutservice' }),
  });
}

function orderIn(state: OrderState, orderId: string): Order {
  const dollars = (units: bigint, nanos: number) => ({ currencyCode: 'USD', units, nanos });
  const time = { seconds: BigInt(TEST_START_MS / 1000), nanos: 0 };
  return {
    result: {
      orderId,
      shippingTrackingId: state === OrderState.SHIPPED ? 'MC-0123456789ABCDEFGHIJKLMNO' : '',
      shippingCost: dollars(8n, 990_000_000),
      shippingAddress: {
        streetAddress: 'Riva degli Schiavoni 4196',
        city: 'Venezia',
        state: 'VE',
        country: 'Italy',
        zipCode: 30_122,
      },
      items: [
        { item: { productId: '6E92ZMYYFZ', quantity: 2 }, cost: dollars(8n, 990_000_000), productName: 'Mug' },
        { item: { productId: 'GONE', quantity: 10 }, cost: dollars(99n, 0), productName: 'Something not sold now' },
      ],
    },
    state,
    total: dollars(1016n, 970_000_000),
    placeTime: time,
    updateTime: time,
    history: [OrderState.PLACED, state].map((reached) => ({ state: reached, time, reason: '' })),
    currencyCode: 'USD',
  };
}
