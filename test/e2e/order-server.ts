import { CheckoutServiceDefinition } from '../../src/genproto/hipstershop/checkout.ts';
import { type Order, OrderState } from '../../src/genproto/hipstershop/order.ts';
import { DomainError } from '../../src/lib/errors.ts';
import { type GrpcServer, startGrpcServer } from '../../src/lib/grpc/server.ts';
import { TEST_SERVER } from '../../src/lib/testing/test-client.ts';
import { TEST_START_MS, testRuntime } from '../../src/lib/testing/test-runtime.ts';
import { topology } from '../../src/topology.ts';

/** An order to this city is placed, but the response to PlaceOrder is lost. It is found by its key at the second look. */
export const RESPONSE_LOST = 'Lost';

/** The id of an order that is PAID when a user first asks for it, and CONFIRMED afterwards. */
export const CONFIRMED_ON_RELOAD = 'CONFIRMED_ON_RELOAD';

const ORDER_STATES = ['PLACED', 'PAID', 'SHIPPED', 'CONFIRMED', 'REFUNDING', 'REJECTED'] as const;

/**
 * Starts a checkoutservice that accepts no order and has one order in each state, whose id is the name of the state, such
 * as `PAID`, and the order CONFIRMED_ON_RELOAD.
 */
export async function startOrderServer(): Promise<GrpcServer> {
  const seen = new Set<string>();
  const stateOf = (userId: string, orderId: string): OrderState => {
    if (orderId in OrderState) return OrderState[orderId as keyof typeof OrderState];
    if (orderId !== CONFIRMED_ON_RELOAD) throw new DomainError('not-found', 'ORDER_UNKNOWN', 'there is no such order');
    const isReload = seen.has(userId);
    seen.add(userId);
    return isReload ? OrderState.CONFIRMED : OrderState.PAID;
  };
  return await startGrpcServer({
    definition: CheckoutServiceDefinition,
    handlers: {
      placeOrder: async ({ address }) => {
        if (address?.city === RESPONSE_LOST) throw new Error('the response is lost');
        throw new DomainError('precondition', 'SHIPPING_UNAVAILABLE', 'this server accepts no order');
      },
      getOrder: async ({ userId, orderId, idempotencyKey }) => {
        if (idempotencyKey === undefined) return orderIn(stateOf(userId, orderId), orderId);
        if (!seen.has(idempotencyKey)) {
          seen.add(idempotencyKey);
          throw new DomainError('not-found', 'ORDER_UNKNOWN', 'there is no such order');
        }
        return orderIn(OrderState.PAID, CONFIRMED_ON_RELOAD);
      },
      listOrders: async ({ pageToken }) => ({
        orders: ORDER_STATES.map((name) => orderIn(OrderState[name], name)),
        nextPageToken: pageToken === '' ? 'next' : '',
      }),
      getOrderEvents: async () => ({ events: [] }),
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
    events: ['placed', 'charged', 'newer-than-this-code'].map((type, index) => ({
      number: index + 1,
      time,
      type,
      reason: '',
      data: [],
    })),
  };
}
