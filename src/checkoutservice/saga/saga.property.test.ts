import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { createLogger } from '../../lib/log/logger.ts';
import type { Order } from '../order/order.ts';
import type { OrderStore } from '../store/order-store.ts';
import { type Fate, MUGS_AND_WATCH, type PeerCall } from './fakes.testing.ts';
import { openShop, type Shop } from './shop.testing.ts';

type Loss = 'ok' | 'lost-before' | 'lost-after';

const anyFate: fc.Arbitrary<Fate> = fc.constantFrom('ok', 'refused', 'lost-before', 'lost-after', 'unimplemented');
const fates = (maxLength: number) => fc.array(anyFate, { maxLength });
// A mail that is refused is set aside, and reaches nobody: what is asked here is whether the others do.
const mailFates = fc.array(fc.constantFrom<Fate>('ok', 'lost-before', 'lost-after'), { maxLength: 4 });
const losses = fc.array(fc.constantFrom<Loss>('ok', 'ok', 'lost-before', 'lost-after'), { maxLength: 12 });

/** What becomes of every call at every step, of every write to the store, and when somebody else comes between. */
const anyMisfortune = fc.record({
  calls: fc.record({
    getCart: fates(1),
    emptyCart: fates(3),
    products: fates(1),
    quote: fates(1),
    convert: fates(1),
    charge: fates(3),
    findCharge: fates(4),
    refund: fates(5),
    ship: fates(8),
    cancel: fates(5),
    sendConfirmation: mailFates,
    sendCancellation: mailFates,
  } satisfies Record<PeerCall, fc.Arbitrary<Fate[]>>),
  appends: losses,
  creations: losses,
  twins: fc.integer({ min: 1, max: 3 }),
  hasKey: fc.boolean(),
  hasVersions: fc.boolean(),
  keepsKeys: fc.boolean(),
});

type Misfortune = typeof anyMisfortune extends fc.Arbitrary<infer M> ? M : never;

/** A store whose writes are lost, before they are done or after. */
function unreliable(store: OrderStore, { appends, creations }: Pick<Misfortune, 'appends' | 'creations'>): OrderStore {
  const [append, create] = [[...appends], [...creations]];
  const meet = async <T>(loss: Loss | undefined, work: () => Promise<T>): Promise<T> => {
    if (loss === 'lost-before') throw new Error('the store is away');
    const answer = await work();
    if (loss === 'lost-after') throw new Error('the store did not answer');
    return answer;
  };
  return {
    ...store,
    append: async (...args) => await meet(append.shift(), async () => await store.append(...args)),
    create: async (...args) => await meet(create.shift(), async () => await store.create(...args)),
  };
}

// Thousands of failures are reported: nobody reads them.
const silent = createLogger({ service: 'checkoutservice', version: '' }, { level: 'silent' });

async function suffer(misfortune: Misfortune): Promise<Shop> {
  const { keepsKeys, hasVersions, hasKey, twins } = misfortune;
  const shop = openShop({ keepsKeys, hasVersions, wrapStore: (store) => unreliable(store, misfortune), log: silent });
  for (const [call, planned] of Object.entries(misfortune.calls)) shop.fates.plan(call as PeerCall, ...planned);
  for (const idempotencyKey of ['first', 'second']) {
    const change = hasKey ? { idempotencyKey } : {};
    // Twins, with a sweep between them.
    await Promise.allSettled([...Array.from({ length: twins }, () => shop.place(change)), shop.recover.sweep()]);
    await shop.place(change).catch(() => {});
    shop.cart.fill(MUGS_AND_WATCH);
  }
  await shop.driver.idle();
  await shop.sweepUntilQuiet();
  await setImmediate();
  return shop;
}

/** Money in is goods out, and the order says which of the two it is. */
function expectBalance(shop: Shop, { purchase, state }: Order): void {
  const isOut = shop.shipping.shipments.get(`${purchase.orderId}:ship`)?.cancelled === false;
  expect(shop.payment.kept(`${purchase.orderId}:charge`)).toBe(isOut ? purchase.total.nanos : 0n);
  expect(state).toBe(isOut ? 'CONFIRMED' : 'REJECTED');
}

describe('whatever becomes of the calls', () => {
  it('money in is goods out for every order, and no order is stuck or unknown', async () => {
    const seen = new Set<string>();
    const check = async (misfortune: Misfortune): Promise<void> => {
      const shop = await suffer(misfortune);
      const orders = await shop.orders();
      const odd = orders.filter(({ needsPerson }) => needsPerson);
      const others = orders.filter(({ needsPerson }) => !needsPerson);
      if (misfortune.keepsKeys) expect(odd).toEqual([]);
      for (const order of others) expectBalance(shop, order);
      for (const { state } of others) seen.add(state);
      for (const { state, reason } of odd) seen.add(`${state} ${reason}`);
      // No money moved for an order that nobody knows, and none moved twice.
      const keys = shop.payment.charges.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
      const known = orders.map(({ purchase }) => `${purchase.orderId}:charge`);
      expect(keys.filter((key) => !known.includes(key))).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(anyMisfortune, check), { numRuns: 500 });
    expect([...seen].sort()).toEqual(['CONFIRMED', 'PLACED PAYMENT_UNKNOWN', 'REJECTED']);
  });

  it('nobody is written to twice, and everybody is told the truth', async () => {
    const check = async (misfortune: Misfortune): Promise<void> => {
      const shop = await suffer(misfortune);
      for (const { purchase, state, transactionId } of await shop.orders()) {
        const isMailed = (kind: string): boolean => shop.email.sent.has(`${kind} ${purchase.orderId}`);
        expect(isMailed('confirmation')).toBe(state === 'CONFIRMED');
        // One that was declined at once is told on the page.
        if (transactionId !== undefined) expect(isMailed('cancellation')).toBe(state === 'REJECTED');
        else expect(isMailed('confirmation')).toBe(false);
      }
      expect(shop.email.orders).toHaveLength(shop.email.sent.size);
    };
    await fc.assert(fc.asyncProperty(anyMisfortune, check), { numRuns: 200 });
  });
});
