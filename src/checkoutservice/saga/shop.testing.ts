import { setImmediate } from 'node:timers/promises';
import type { Tracer } from '@opentelemetry/api';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { Logger } from '../../lib/log/logger.ts';
import { testCall } from '../../lib/testing/test-client.ts';
import { TEST_START_MS, testRuntime } from '../../lib/testing/test-runtime.ts';
import { checkoutEvents } from '../events.ts';
import type { Order } from '../order/order.ts';
import { openMemoryOrderStore } from '../store/order-store.memory.testing.ts';
import { LEASE_MS, type OrderStore } from '../store/order-store.ts';
import { openFailurePlan, untilKilled } from './failure-plan.testing.ts';
import { fakePayment } from './fake-payment.testing.ts';
import { fakeCart, fakeCatalogue, fakeCurrency, fakeEmail, fakeShipping } from './fakes.testing.ts';
import type { Repeat } from './heartbeat.ts';
import { orderRunner } from './order-runner.ts';
import { type PlaceOrder, placeOrder } from './place-order.ts';
import { recovery } from './recovery.ts';
import { chargeKey, shipmentKey } from './step-keys.ts';

/** A command that succeeds with every fake. */
export const COMMAND: PlaceOrder = {
  userId: 'ann',
  currency: 'USD',
  address: {
    streetAddress: '1600 Amphitheatre Parkway',
    city: 'Mountain View',
    state: 'CA',
    country: 'United States',
    zipCode: 94_043,
    postalCode: '94043',
  },
  email: 'ann@example.com',
  card: {
    creditCardNumber: '4432801561520454',
    creditCardCvv: 672,
    creditCardExpirationYear: 2030,
    creditCardExpirationMonth: 1,
  },
  idempotencyKey: undefined,
  expectedTotal: undefined,
};

type WorldOptions = { readonly keepsKeys?: boolean; readonly hasVersions?: boolean };

/** The fake upstreams: they live on when the process of checkout is killed. */
export function openWorld({ keepsKeys = true, hasVersions = true }: WorldOptions = {}) {
  const calls = openFailurePlan();
  return {
    calls,
    payment: fakePayment(calls, { keepsKeys }),
    shipping: fakeShipping(calls),
    cart: fakeCart(calls, { hasVersions }),
    email: fakeEmail(calls),
    catalogue: fakeCatalogue(calls),
    currency: fakeCurrency(calls),
  };
}

/** A timer that only the test advances. */
function fakeTimer() {
  const works = new Set<() => void>();
  const intervals: number[] = [];
  const repeat: Repeat = (intervalMs, work) => {
    works.add(work);
    intervals.push(intervalMs);
    return () => works.delete(work);
  };
  return {
    repeat,
    intervals,
    /** Calls the work of every running repetition once. */
    beat: () => {
      for (const work of works) work();
    },
    isRunning: () => works.size > 0,
  };
}

type ShopOptions = WorldOptions & {
  readonly world?: ReturnType<typeof openWorld>;
  readonly wrapStore?: (store: OrderStore) => OrderStore;
  readonly log?: Logger;
  readonly tracer?: Tracer;
};

/** The whole saga in one process, with fake upstreams and a clock that only the test moves. */
export function openShop(options: ShopOptions = {}) {
  const { log, tracer, world = openWorld(options), wrapStore = (store) => store } = options;
  const runtime = testRuntime({ service: 'checkoutservice', ...(log && { log }), ...(tracer && { tracer }) });
  let nowMs = TEST_START_MS;
  const now = (): number => nowMs;
  const { newId } = runtime;
  let isKilled = false;
  world.calls.onKill = () => {
    isKilled = true;
  };
  const { calls } = world;
  const guard = <T extends object>(target: T): T => untilKilled(target, () => isKilled);
  const [payment, shipping, cart, email] = [
    guard(world.payment),
    guard(world.shipping),
    guard(world.cart),
    guard(world.email),
  ];
  const events = checkoutEvents(runtime);
  const memory = openMemoryOrderStore({ newId });
  const store = guard(wrapStore(memory));
  // Pauses between attempts take no time, but let other work go first.
  const heartbeat = fakeTimer();
  const steps = { store, payment, shipping, cart, events, now, pause: () => setImmediate() };
  const runner = orderRunner({ ...steps, leaseMs: LEASE_MS, repeat: heartbeat.repeat });
  const recover = recovery({ store, runner, cart, email, events, now, newId, tracer: runtime.tracer });
  const prices = { catalogue: guard(world.catalogue), currency: guard(world.currency), shipping };
  const place = placeOrder({ store, runner, cart, ...prices, events, now, newId });
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return {
    ...world,
    world,
    calls,
    memory,
    runner,
    recover,
    pass,
    heartbeat,
    now,
    /** True after a planned result killed the process: its orders are lost, and nothing that it began goes on. */
    isKilled: () => isKilled,
    /** The money that is kept for an order, in nanos. */
    keptFor: ({ purchase }: Order): bigint => world.payment.kept(chargeKey(purchase)),
    shipmentOf: ({ purchase }: Order) => world.shipping.shipments.get(shipmentKey(purchase)),
    /** Lines of the log with this message. */
    logged: (message: string) => runtime.logs.lines.filter(({ msg }) => msg === message),
    /** Places an order, within five seconds unless a call is given. */
    place: async (change: Partial<PlaceOrder> = {}, call?: CallContext): Promise<Order> => {
      using own = testCall();
      return await place({ ...COMMAND, ...change }, call ?? own);
    },
    /** The order as stored. */
    find: async (order: Order): Promise<Order> => (await memory.get(order.purchase.orderId)) ?? order,
    /** All orders of Ann, newest first. */
    orders: async (): Promise<readonly Order[]> =>
      (await memory.list('ann', { limit: 1000, afterOrderId: undefined })) ?? [],
    /** Moves the clock and sweeps, until nothing is left to do, at most for the given number of rounds. */
    sweepUntilQuiet: async (rounds = 60): Promise<void> => {
      for (let round = 0; round < rounds; round += 1) {
        pass(61_000);
        await recover.sweep();
        const { tasksWaiting } = await memory.backlog();
        if (tasksWaiting === 0 && (await memory.unfinished(now(), 1)).length === 0) return;
      }
    },
  };
}

export type Shop = ReturnType<typeof openShop>;
