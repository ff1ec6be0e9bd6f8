import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { createLogger } from '../../lib/log/logger.ts';
import { freesKey, type Order } from '../order/order.ts';
import type { OrderStore } from '../store/order-store.ts';
import type { CallResult, UpstreamCall } from './failure-plan.testing.ts';
import { MUGS_AND_WATCH } from './fakes.testing.ts';
import { openShop, openWorld, type Shop } from './shop.testing.ts';
import { chargeKey } from './step-keys.ts';

// Thousands of orders: seconds on a quiet machine. The limit only ends a hang.
jest.setTimeout(300_000);

type WriteResult = 'ok' | 'lost-before' | 'lost-after';

const anyResult: fc.Arbitrary<CallResult> = fc.constantFrom(
  'ok',
  'refused',
  'unsent',
  'lost-before',
  'lost-after',
  'unimplemented',
);
const results = (maxLength: number) => fc.array(anyResult, { maxLength });
// A refused mail is dead-lettered and never sent; the properties are about the other mails.
const mailResults = fc.array(fc.constantFrom<CallResult>('ok', 'lost-before', 'lost-after'), { maxLength: 4 });
const writeResults = fc.array(fc.constantFrom<WriteResult>('ok', 'ok', 'lost-before', 'lost-after'), { maxLength: 12 });

const anyCallResults = fc.record({
  getCart: results(1),
  emptyCart: results(3),
  products: results(1),
  quote: results(1),
  convert: results(1),
  charge: results(5),
  findCharge: results(4),
  keepsKeys: results(3),
  refund: results(5),
  ship: results(8),
  cancel: results(5),
  sendConfirmation: mailResults,
  sendCancellation: mailResults,
} satisfies Record<UpstreamCall, fc.Arbitrary<CallResult[]>>);

/** Results for every call of every step and for every write to the store, and concurrent duplicates. */
const anyFailurePlan = fc.record({
  calls: anyCallResults,
  appends: writeResults,
  creations: writeResults,
  duplicates: fc.integer({ min: 1, max: 3 }),
  hasKey: fc.boolean(),
  hasVersions: fc.boolean(),
  keepsKeys: fc.boolean(),
});

type AnyFailurePlan = typeof anyFailurePlan extends fc.Arbitrary<infer P> ? P : never;

/** A store whose writes are lost, before or after they are done. */
function unreliable(store: OrderStore, plan: Pick<AnyFailurePlan, 'appends' | 'creations'>): OrderStore {
  const [appends, creations] = [[...plan.appends], [...plan.creations]];
  const perform = async <T>(result: WriteResult | undefined, work: () => Promise<T>): Promise<T> => {
    if (result === 'lost-before') throw new Error('the store is unavailable');
    const response = await work();
    if (result === 'lost-after') throw new Error('the response of the store was lost');
    return response;
  };
  return {
    ...store,
    append: async (...args) => await perform(appends.shift(), async () => await store.append(...args)),
    create: async (...args) => await perform(creations.shift(), async () => await store.create(...args)),
  };
}

// The runs report thousands of failures.
const silent = createLogger({ service: 'checkoutservice', version: '' }, { level: 'silent' });

async function shopWith(plan: AnyFailurePlan): Promise<Shop> {
  const { keepsKeys, hasVersions, hasKey, duplicates } = plan;
  const shop = openShop({ keepsKeys, hasVersions, wrapStore: (store) => unreliable(store, plan), log: silent });
  for (const [call, planned] of Object.entries(plan.calls)) shop.calls.plan(call as UpstreamCall, ...planned);
  for (const idempotencyKey of ['first', 'second']) {
    const change = hasKey ? { idempotencyKey } : {};
    // Concurrent duplicates, with a sweep between them.
    await Promise.allSettled([...Array.from({ length: duplicates }, () => shop.place(change)), shop.recover.sweep()]);
    await shop.place(change).catch(() => {});
    shop.cart.fill(MUGS_AND_WATCH);
  }
  await shop.runner.idle();
  await shop.sweepUntilQuiet();
  await setImmediate();
  return shop;
}

/** The charge is kept exactly when the goods were shipped, and the state of the order says so. */
function expectBalance(shop: Shop, order: Order): void {
  const isShipped = shop.shipmentOf(order)?.cancelled === false;
  expect(shop.keptFor(order)).toBe(isShipped ? order.purchase.total.nanos : 0n);
  expect(order.state).toBe(isShipped ? 'CONFIRMED' : 'REJECTED');
}

const INTERVENTIONS = ['PAYMENT_UNKNOWN', 'REFUND_REFUSED', 'CANCELLATION_REFUSED'];

/** The state of an order, and why it needs manual intervention when it does. */
function endOf({ state, history, needsIntervention }: Order): string {
  if (!needsIntervention) return state;
  return `${state} ${history.find(({ reason }) => INTERVENTIONS.includes(reason))?.reason}`;
}

/** Each mail was sent once, a confirmation for a confirmed order and a cancellation for a refunded one. */
function expectMails({ email }: Shop, { purchase, state, transactionId, open }: Order): void {
  const isMailed = (kind: string): boolean => email.sent.has(`${kind} ${purchase.orderId}`);
  expect(isMailed('confirmation')).toBe(state === 'CONFIRMED');
  // The response of PlaceOrder already reports a decline, so no mail is sent.
  const isRefunded = (state === 'REJECTED' || state === 'REFUNDING') && !open.refund;
  if (transactionId !== undefined) expect(isMailed('cancellation')).toBe(isRefunded);
  else expect(isMailed('confirmation')).toBe(false);
}

describe('an order, with any results of its calls and writes', () => {
  it('keeps the charge exactly when the goods were shipped, never stays unfinished, and sends each mail once', async () => {
    const seen = new Set<string>();
    const check = async (plan: AnyFailurePlan): Promise<void> => {
      const shop = await shopWith(plan);
      const orders = await shop.orders();
      const ends = orders.map(endOf);
      for (const end of ends) seen.add(end);
      if (plan.keepsKeys) expect(ends).not.toContain('PLACED PAYMENT_UNKNOWN');
      const settled = orders.filter((order) => !order.needsIntervention && !freesKey(order));
      for (const order of settled) expectBalance(shop, order);
      for (const order of orders) expectMails(shop, order);
      expect(shop.email.orders).toHaveLength(shop.email.sent.size);
      // Every charge belongs to an order, and no order was charged twice.
      const keys = shop.payment.charges.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
      const known = orders.map(({ purchase }) => chargeKey(purchase));
      expect(keys.filter((key) => !known.includes(key))).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(anyFailurePlan, check), { numRuns: 500 });
    expect([...seen].sort()).toEqual([
      'CONFIRMED',
      'PLACED PAYMENT_UNKNOWN',
      'REFUNDING CANCELLATION_REFUSED',
      'REFUNDING REFUND_REFUSED',
      'REJECTED',
    ]);
  });
});

/** Results without final refusals of compensations, and one or two kills of the process at any call of a step. */
const anyCrashPlan = fc.record({
  calls: anyCallResults,
  kills: fc.array(
    fc.record({
      call: fc.constantFrom<UpstreamCall>('charge', 'findCharge', 'keepsKeys', 'ship', 'refund', 'cancel', 'emptyCart'),
      position: fc.nat({ max: 2 }),
      result: fc.constantFrom<CallResult>('killed-before', 'killed-after'),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  hasKey: fc.boolean(),
});

type CrashPlan = typeof anyCrashPlan extends fc.Arbitrary<infer P> ? P : never;

/** Upstreams with the planned results, and the kills among them. */
function worldWith({ calls, kills }: CrashPlan) {
  const world = openWorld();
  for (const [call, planned] of Object.entries(calls)) {
    const isCompensation = call === 'refund' || call === 'cancel';
    const all = planned.filter((result) => !(isCompensation && result === 'refused'));
    for (const kill of kills.filter((each) => each.call === call)) void all.splice(kill.position, 0, kill.result);
    world.calls.plan(call as UpstreamCall, ...all);
  }
  return world;
}

/** Orders once and waits for the result. Returns true when another attempt may have another result. */
async function press(shop: Shop, idempotencyKey: string | undefined): Promise<boolean> {
  const order = await shop.place({ idempotencyKey }).catch((error: unknown) => error as { readonly reason?: string });
  await shop.sweepUntilQuiet().catch((error: unknown) => {
    if (!shop.isKilled()) throw error;
  });
  if (shop.isKilled()) return true;
  if (!('purchase' in order)) return !['CART_EMPTY', 'CART_CHANGED'].includes(order.reason ?? '');
  const settled = await shop.find(order);
  // Without a key, the next call after a rejection is a new attempt.
  return settled.state === 'REJECTED' && (idempotencyKey === undefined || freesKey(settled));
}

/** Repeats PlaceOrder, in a new process after each kill, until the order is settled. */
async function orderThroughCrashes(plan: CrashPlan) {
  const world = worldWith(plan);
  const idempotencyKey = plan.hasKey ? 'cart:v1:1' : undefined;
  let processes = 1;
  let shop = openShop({ world, log: silent });
  for (let presses = 0; presses < 20 && (await press(shop, idempotencyKey)); presses += 1) {
    if (!shop.isKilled()) continue;
    processes += 1;
    shop = openShop({ world, log: silent });
  }
  return { world, processes };
}

describe('an order that the shopper repeats after the process was killed', () => {
  it('is charged and shipped once, or neither', async () => {
    const seen = new Set<string>();
    const check = async (plan: CrashPlan): Promise<void> => {
      const { world, processes } = await orderThroughCrashes(plan);
      const { charges, kept } = world.payment;
      const keys = charges.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
      const keptAmounts = keys.map(kept).filter((amount) => amount > 0n);
      const shipped = [...world.shipping.shipments.values()].filter(({ cancelled }) => !cancelled);
      expect(keptAmounts).toEqual(shipped.map(() => 136_960_000_000n));
      expect(shipped.length).toBeLessThanOrEqual(1);
      if (processes > 1) seen.add(shipped.length === 1 ? 'shipped' : 'not shipped');
    };
    await fc.assert(fc.asyncProperty(anyCrashPlan, check), { numRuns: 500 });
    expect([...seen].sort()).toEqual(['not shipped', 'shipped']);
  });
});
