import fc from 'fast-check';
import { TEST_START_MS } from '../../lib/testing/test-runtime.ts';
import type { Order, OrderEvent, Purchase } from '../order/order.ts';
import { purchaseOf } from './order-store.contract.ts';
import type { OrderOperations, OrderStore } from './order-store.ts';

/** A store, and what its test can do behind the back of the interface. */
export type OperatedStore = {
  readonly store: OrderStore & OrderOperations;
  /** Every row and index entry of the projection as text, in a stable order. */
  readonly projection: () => Promise<readonly string[]>;
  /** Deletes rows of the projection and adds rows that no event made. */
  readonly damageProjection: () => Promise<void>;
  /** The bytes of all data that the store keeps. */
  readonly rawData: () => Promise<Buffer>;
  /** Stores an event as a writer does that does not update the projection. */
  readonly appendUnprojected: (orderId: string, event: OrderEvent) => Promise<void>;
};

const T = TEST_START_MS;
const operator = { by: 'olga', why: 'asked by the shopper' };

type Body = OrderEvent extends infer E ? (E extends OrderEvent ? Omit<E, 'timeMs'> : never) : never;

const BODIES: readonly Body[] = [
  { type: 'charged', transactionId: 'tx' },
  { type: 'shipped', trackingId: 'parcel' },
  { type: 'confirmed' },
  { type: 'rejected', reason: 'CARD_DECLINED' },
  { type: 'refund-started', reason: 'SHIPPING_REFUSED' },
  { type: 'shipment-cancelled' },
  { type: 'refunded', refundId: 'refund' },
  { type: 'intervention-needed', reason: 'PAYMENT_UNKNOWN' },
  { type: 'intervention-needed', reason: 'REFUND_REFUSED', compensation: 'refund' },
  { type: 'retry-requested', ...operator },
  { type: 'refund-requested', ...operator },
  { type: 'charge-settled', ...operator },
  { type: 'task-replayed', task: 'send-confirmation', ...operator },
];

/** The contract of the operations on an order store. Call it inside a `describe`. */
export function itOperatesOnOrders(subject: () => OperatedStore): void {
  let count = 0;
  const newName = (what: string): string => `operated-${what}-${++count}`;
  const create = async (change: Partial<Purchase> = {}): Promise<Order> => {
    const purchase = purchaseOf({ orderId: newName('order'), userId: newName('user'), ...change });
    return (await subject().store.create(purchase, T)).order;
  };
  const append = async (order: Order, body: Body): Promise<Order> =>
    await subject().store.append(order, { ...body, timeMs: T + order.version }, []);
  const confirm = async (order: Order): Promise<Order> => {
    const paid = await append(order, { type: 'charged', transactionId: 'tx' });
    return await append(await append(paid, { type: 'shipped', trackingId: 'parcel' }), { type: 'confirmed' });
  };
  const idOf = ({ purchase }: Order): string => purchase.orderId;

  describe('the events of an order', () => {
    it('are returned as they were appended, oldest first', async () => {
      const order = await create();
      await append(order, { type: 'charged', transactionId: 'tx' });
      expect(await subject().store.events(idOf(order))).toEqual([
        { type: 'placed', purchase: order.purchase, timeMs: T },
        { type: 'charged', transactionId: 'tx', timeMs: T + 1 },
      ]);
      expect(await subject().store.events('no such order')).toEqual([]);
    });
  });

  describe('the newest orders', () => {
    it('are those of all users, newest first', async () => {
      const [older, newer] = [await create(), await create()];
      expect((await subject().store.newest(2)).map(idOf)).toEqual([idOf(newer), idOf(older)]);
    });
  });

  describe('the projection', () => {
    it('is rebuilt from the events, equal byte for byte, after any history', async () => {
      const choices = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat()), { minLength: 1, maxLength: 40 });
      // An event that cannot happen to this order is refused, and changes nothing.
      const tryToAppend = async (order: Order, choice: number): Promise<Order> => {
        const body = BODIES[choice % BODIES.length];
        return body === undefined ? order : await append(order, body).catch(() => order);
      };
      const history = async (steps: readonly (readonly [number, number])[]): Promise<void> => {
        const userId = newName('user');
        const orders: Order[] = [];
        for (const [at, choice] of steps) {
          const order = orders[at];
          if (order === undefined) orders.push(await create({ userId, cartVersion: `v${choice % 3}` }));
          else orders[at] = await tryToAppend(order, choice);
        }
      };
      await fc.assert(
        fc.asyncProperty(choices, async (steps) => {
          await history(steps);
          const before = await subject().projection();
          await subject().damageProjection();
          expect(await subject().projection()).not.toEqual(before);
          await subject().store.rebuild(operator, T);
          expect(await subject().projection()).toEqual(before);
        }),
        { numRuns: 10 },
      );
    });

    it('is rebuilt while orders are placed and changed, and misses none of it', async () => {
      const userId = newName('user');
      const place = async (cartVersion: string): Promise<void> => {
        const order = await create({ userId, cartVersion });
        await append(order, { type: 'rejected', reason: 'CARD_DECLINED' });
        await append(await create({ userId, cartVersion }), { type: 'charged', transactionId: 'tx' });
      };
      await Promise.all([
        subject().store.rebuild(operator, T),
        ...Array.from({ length: 10 }, (_, n) => place(`v${n}`)),
      ]);
      const before = await subject().projection();
      expect(await subject().store.projectionLag()).toBe(0);
      await subject().store.rebuild(operator, T);
      expect(await subject().projection()).toEqual(before);
      expect(await subject().store.list(userId, { limit: 100, afterOrderId: undefined })).toHaveLength(20);
    });

    it('stores an event of the store for each complete rebuild, with who and why', async () => {
      const { store } = subject();
      await create();
      const before = await store.storeEvents();
      const orders = await store.rebuild(operator, T + 3);
      const rebuilt = { type: 'rows-rebuilt', ...operator, orders, timeMs: T + 3 };
      expect(await store.storeEvents()).toEqual([...before, rebuilt]);
      await store.rebuild(operator, T + 4);
      expect(await store.storeEvents()).toEqual([...before, rebuilt, { ...rebuilt, timeMs: T + 4 }]);
    });

    it('has a lag of 0, and of 1 after a writer that does not update it, until it is rebuilt', async () => {
      const order = await create();
      expect(await subject().store.projectionLag()).toBe(0);
      await subject().appendUnprojected(idOf(order), { type: 'charged', transactionId: 'tx', timeMs: T + 1 });
      expect(await subject().store.projectionLag()).toBe(1);
      await append(await create(), { type: 'charged', transactionId: 'tx' });
      expect(await subject().store.projectionLag()).toBe(1);
      expect(await subject().store.get(idOf(order))).toMatchObject({ state: 'PLACED' });
      await subject().store.rebuild(operator, T);
      expect(await subject().store.projectionLag()).toBe(0);
      expect(await subject().store.get(idOf(order))).toMatchObject({ state: 'PAID', version: 2 });
    });
  });

  describe('a dead-lettered task', () => {
    it('is listed, and is due again after a replay, which is an event of its order', async () => {
      const { store } = subject();
      const order = await create();
      await store.append(order, { type: 'charged', transactionId: 'tx', timeMs: T }, [{ kind: 'send-confirmation' }]);
      const claimed = (await store.claimDueTasks(T, 1000)).find(({ orderId }) => orderId === idOf(order));
      const { taskId } = claimed ?? { taskId: '' };
      expect(await store.replay(taskId, operator, T + 5)).toBeUndefined();
      await store.taskDeadLettered(taskId);
      expect(await store.deadLetters()).toContainEqual(expect.objectContaining({ taskId, orderId: idOf(order) }));
      const backlog = await store.backlog();
      expect(await store.replay(taskId, operator, T + 5)).toMatchObject({
        taskId,
        kind: 'send-confirmation',
        tries: 0,
      });
      expect(await store.backlog()).toMatchObject({
        tasksWaiting: backlog.tasksWaiting + 1,
        tasksDeadLettered: backlog.tasksDeadLettered - 1,
      });
      expect((await store.claimDueTasks(T + 5, 1000)).map((task) => task.taskId)).toContain(taskId);
      expect((await store.events(idOf(order))).at(-1)).toEqual({
        type: 'task-replayed',
        task: 'send-confirmation',
        ...operator,
        timeMs: T + 5,
      });
      expect(await store.replay('no such task', operator, T)).toBeUndefined();
    });
  });

  describe('the erasure of a user', () => {
    const secrets = { email: 'unique.shopper@example.com', streetAddress: '17 Unrepeated Lane', city: 'Nowhereville' };
    const address = { ...secrets, state: '', country: 'France', zipCode: 0, postalCode: '06000' };

    it('makes the addresses unreadable, keeps the amounts, and writes an event', async () => {
      const { email, ...streetAndCity } = secrets;
      const order = await create({ email, address: { ...address, ...streetAndCity } });
      const confirmed = await confirm(order);
      const { userId } = order.purchase;
      expect((await subject().store.get(idOf(order)))?.purchase.email).toBe(email);
      expect(await subject().store.erase(userId, operator, T + 9)).toEqual({ kind: 'erased', orderIds: [idOf(order)] });
      const erased = await subject().store.get(idOf(order));
      expect(erased).toMatchObject({ state: 'CONFIRMED', isErased: true, version: confirmed.version + 1 });
      expect(erased?.purchase).toMatchObject({ userId, email: '', address: { streetAddress: '', city: '' } });
      expect(erased?.purchase.total).toEqual(order.purchase.total);
      expect(await subject().store.claimDueTasks(T + 9, 1000)).toContainEqual(
        expect.objectContaining({ orderId: idOf(order), kind: 'erase-mails' }),
      );
      const events = await subject().store.events(idOf(order));
      expect(events.at(-1)).toEqual({ type: 'personal-data-erased', ...operator, timeMs: T + 9 });
      expect(events[0]).toMatchObject({ purchase: { email: '', lines: order.purchase.lines } });
      const before = await subject().projection();
      await subject().store.rebuild(operator, T);
      expect(await subject().projection()).toEqual(before);
    });

    it('leaves no readable address in the raw data, before and after', async () => {
      const order = await confirm(await create({ email: secrets.email, address }));
      const leaked = async () => {
        const data = await subject().rawData();
        return Object.values(secrets).filter((secret) => data.includes(secret));
      };
      expect((await subject().rawData()).includes(order.purchase.userId)).toBe(true);
      expect(await leaked()).toEqual([]);
      await subject().store.erase(order.purchase.userId, operator, T);
      expect(await leaked()).toEqual([]);
    });

    it('changes nothing while an order is unfinished', async () => {
      const userId = newName('user');
      const moving = await create({ userId });
      await confirm(await create({ userId }));
      expect(await subject().store.erase(userId, operator, T)).toEqual({
        kind: 'unfinished',
        orderIds: [idOf(moving)],
      });
      expect(await subject().store.get(idOf(moving))).toEqual(moving);
    });

    it('is refused for an unknown user, and repeats nothing', async () => {
      const { purchase } = await confirm(await create());
      expect(await subject().store.erase('no such user', operator, T)).toEqual({ kind: 'unknown-user' });
      await subject().store.erase(purchase.userId, operator, T);
      expect(await subject().store.erase(purchase.userId, operator, T)).toEqual({ kind: 'erased', orderIds: [] });
    });

    it('does not affect the orders that the user places afterwards', async () => {
      const first = await confirm(await create());
      const { userId } = first.purchase;
      await subject().store.erase(userId, operator, T);
      const second = await create({ userId });
      expect(await subject().store.get(idOf(second))).toEqual(second);
      expect((await subject().store.get(idOf(first)))?.purchase.email).toBe('');
    });
  });
}
