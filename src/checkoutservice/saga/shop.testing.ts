import { setImmediate } from 'node:timers/promises';
import type { Tracer } from '@opentelemetry/api';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { Logger } from '../../lib/log/logger.ts';
import { testCall } from '../../lib/testing/test-client.ts';
import { TEST_START_MS, testRuntime } from '../../lib/testing/test-runtime.ts';
import { checkoutEvents } from '../events.ts';
import type { Order } from '../order/order.ts';
import { openMemoryOrderStore } from '../store/order-store.memory.ts';
import type { OrderStore } from '../store/order-store.ts';
import { orderDriver } from './driver.ts';
import {
  fakeCart,
  fakeCatalogue,
  fakeCurrency,
  fakeEmail,
  fakePayment,
  fakeShipping,
  openFates,
} from './fakes.testing.ts';
import { type PlaceOrder, placeOrder } from './place-order.ts';
import { recovery } from './recovery.ts';

/** A wish that every fake grants. */
export const WISH: PlaceOrder = {
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
};

/** The whole saga on fakes and a clock that stands. */
export function openShop(
  options: {
    keepsKeys?: boolean;
    hasVersions?: boolean;
    wrapStore?: (store: OrderStore) => OrderStore;
    log?: Logger;
    tracer?: Tracer;
  } = {},
) {
  const { keepsKeys = true, hasVersions = true, wrapStore = (store) => store } = options;
  const { log, tracer } = options;
  const runtime = testRuntime({ service: 'checkoutservice', ...(log && { log }), ...(tracer && { tracer }) });
  let nowMs = TEST_START_MS;
  const now = (): number => nowMs;
  const { newId } = runtime;
  const fates = openFates();
  const payment = fakePayment(fates, { keepsKeys });
  const shipping = fakeShipping(fates);
  const cart = fakeCart(fates, { hasVersions });
  const email = fakeEmail(fates);
  const events = checkoutEvents(runtime);
  const memory = openMemoryOrderStore({ newId });
  const store = wrapStore(memory);
  // Pauses between attempts take no time, but let others go first.
  const driver = orderDriver({ store, payment, shipping, cart, events, now, pause: () => setImmediate() });
  const recover = recovery({ store, driver, cart, email, events, now, newId, tracer: runtime.tracer });
  const prices = { catalogue: fakeCatalogue(fates), currency: fakeCurrency(fates), shipping };
  const placeWish = placeOrder({ store, driver, cart, ...prices, events, now, newId });
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return {
    fates,
    payment,
    shipping,
    cart,
    email,
    memory,
    driver,
    recover,
    pass,
    now,
    /** Lines of the log with this message. */
    logged: (message: string) => runtime.logs.lines.filter(({ msg }) => msg === message),
    /** Places an order, within five seconds unless a call is given. */
    place: async (change: Partial<PlaceOrder> = {}, call?: CallContext): Promise<Order> => {
      using own = testCall();
      return await placeWish({ ...WISH, ...change }, call ?? own);
    },
    /** The order as the store has it. */
    find: async (order: Order): Promise<Order> => (await memory.get(order.purchase.orderId)) ?? order,
    /** All of Ann's orders, newest first. */
    orders: async (): Promise<readonly Order[]> =>
      (await memory.list('ann', { limit: 1000, afterOrderId: undefined })) ?? [],
    /** Lets time pass and sweeps, until nothing is left to do or so many rounds are over. */
    sweepUntilQuiet: async (rounds = 60): Promise<void> => {
      for (let round = 0; round < rounds; round += 1) {
        pass(61_000);
        await recover.sweep();
        const open = [...(await memory.unfinished(now())), ...(await memory.dueTasks(Number.POSITIVE_INFINITY))];
        if (open.length === 0) return;
      }
    },
  };
}

/** The saga on fakes. */
export type Shop = ReturnType<typeof openShop>;
