import { TEST_START_MS } from '../../lib/testing/test-runtime.ts';
import type { OrderStateName } from '../../order-state.ts';
import type { Order, OrderEvent, Purchase } from '../order/order.ts';
import { LEASE_MS, type OrderStore, type OutboxTask } from './order-store.ts';

/** A purchase. By default its key is `key of <orderId>` and its cart has no version. */
export function purchaseOf(change: Partial<Purchase> & Pick<Purchase, 'orderId'>): Purchase {
  const amount = (nanos: bigint) => ({ currency: 'EUR', nanos });
  return {
    userId: 'ann',
    idempotencyKey: `key of ${change.orderId}`,
    email: 'ann@example.com',
    address: { streetAddress: 'Rue 1', city: 'Lyon', state: '', country: 'France', zipCode: 0, postalCode: '06000' },
    currency: 'EUR',
    lines: [{ productId: 'mug', productName: 'Mug', quantity: 2, unitPrice: amount(7_950_000_000n) }],
    shippingCost: amount(7_950_000_000n),
    total: amount(23_850_000_000n),
    cartVersion: undefined,
    ...change,
  };
}

const T = TEST_START_MS;
const charged: OrderEvent = { type: 'charged', transactionId: 'tx', timeMs: T + 1 };
const rejected: OrderEvent = { type: 'rejected', reason: 'CARD_DECLINED', timeMs: T + 1 };

/** The contract of every order store. Call it inside a `describe`. */
export function itKeepsOrders(subject: () => OrderStore): void {
  let count = 0;
  const newName = (what: string): string => `${what}-${++count}`;
  const create = async (change: Partial<Purchase> = {}) =>
    await subject().create(purchaseOf({ orderId: newName('order'), userId: newName('user'), ...change }), T);
  const created = async (change: Partial<Purchase> = {}): Promise<Order> => (await create(change)).order;
  const idOf = (order: Order | undefined): string | undefined => order?.purchase.orderId;
  const idsOf = (orders: readonly Order[] | undefined) => orders?.map(idOf);
  const append = async (order: Order, event: OrderEvent, work: OutboxTask['kind'][] = []) =>
    await subject().append(
      order,
      event,
      work.map((kind) => ({ kind })),
    );
  const isUnfinished = async (order: Order, nowMs: number): Promise<boolean> =>
    idsOf(await subject().unfinished(nowMs, 1000))?.includes(idOf(order)) === true;
  const due = async (order: Order, nowMs: number): Promise<readonly OutboxTask[]> =>
    (await subject().claimDueTasks(nowMs, 1000)).filter(({ orderId }) => orderId === idOf(order));

  describe('an order', () => {
    it('starts as PLACED and is found by its id and by its key', async () => {
      const { order, created: isNew } = await create();
      const { orderId, userId, idempotencyKey } = order.purchase;
      expect(isNew).toBe(true);
      expect(order).toMatchObject({ state: 'PLACED', version: 1, history: [{ state: 'PLACED', timeMs: T }] });
      expect(await subject().get(orderId)).toEqual(order);
      expect(await subject().findByKey(userId, idempotencyKey)).toEqual(order);
    });

    it('is created once for a key of a user, also by concurrent calls', async () => {
      const [userId, idempotencyKey] = [newName('user'), 'key'];
      const all = await Promise.all(Array.from({ length: 10 }, () => create({ userId, idempotencyKey })));
      expect(all.filter(({ created: isNew }) => isNew)).toHaveLength(1);
      expect(new Set(all.map(({ order }) => idOf(order))).size).toBe(1);
      expect(await subject().list(userId, { limit: 9, afterOrderId: undefined })).toHaveLength(1);
    });

    it('is a different one for the same key of another user', async () => {
      const one = await created({ idempotencyKey: 'key' });
      const { order: other, created: isNew } = await create({ idempotencyKey: 'key' });
      expect(isNew).toBe(true);
      expect(idOf(other)).not.toBe(idOf(one));
    });

    it('is created once for a version of a cart, and is found by both keys afterwards', async () => {
      const userId = newName('user');
      const first = await created({ userId, cartVersion: 'v1' });
      const second = await create({ userId, cartVersion: 'v1', idempotencyKey: 'of a stale form' });
      expect(second.created).toBe(false);
      expect(idOf(second.order)).toBe(idOf(first));
      expect(idOf(await subject().findByKey(userId, 'of a stale form'))).toBe(idOf(first));
      expect((await create({ userId, cartVersion: 'v2' })).created).toBe(true);
    });

    it('can be created again with another key after a rejection', async () => {
      const userId = newName('user');
      const first = await created({ userId, cartVersion: 'v1' });
      await append(first, rejected);
      const second = await create({ userId, cartVersion: 'v1' });
      expect(second.created).toBe(true);
      const same = await create({ userId, cartVersion: 'v1', idempotencyKey: first.purchase.idempotencyKey });
      expect(idOf(same.order)).toBe(idOf(first));
    });

    it('is not found by another id, key or user', async () => {
      const { purchase } = await created();
      expect(await subject().get('no such order')).toBeUndefined();
      expect(await subject().findByKey(purchase.userId, 'no such key')).toBeUndefined();
      expect(await subject().findByKey('another user', purchase.idempotencyKey)).toBeUndefined();
    });
  });

  describe('an event', () => {
    it('changes the state of the stored order', async () => {
      const order = await created();
      const paid = await append(order, charged);
      expect(paid).toMatchObject({ state: 'PAID', version: 2, transactionId: 'tx' });
      expect(await subject().get(order.purchase.orderId)).toEqual(paid);
    });

    it('is refused after another writer changed the order, and stores neither event nor tasks', async () => {
      const order = await created();
      const paid = await append(order, charged);
      await expect(append(order, rejected, ['send-cancellation'])).rejects.toMatchObject({ reason: 'ORDER_CHANGED' });
      expect(await subject().get(order.purchase.orderId)).toEqual(paid);
      expect(await due(order, T + 10)).toEqual([]);
    });

    it('is stored once by concurrent writers', async () => {
      const order = await created();
      const all = await Promise.allSettled(Array.from({ length: 10 }, () => append(order, charged)));
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await subject().get(order.purchase.orderId))?.version).toBe(2);
    });

    it('is refused for an unknown order', async () => {
      const order = await created();
      const stranger = { ...order, purchase: { ...order.purchase, orderId: 'no such order' } };
      await expect(append(stranger, charged)).rejects.toMatchObject({ reason: 'ORDER_CHANGED' });
    });
  });

  describe('a claim', () => {
    it('belongs to the creator of the order until it is released', async () => {
      const order = await created();
      const { orderId } = order.purchase;
      expect(await subject().claim(orderId, T)).toBeUndefined();
      await subject().release(orderId);
      expect(await subject().claim(orderId, T)).toEqual(order);
    });

    it('is granted to one of many concurrent claimers', async () => {
      const { orderId } = (await created()).purchase;
      await subject().release(orderId);
      const all = await Promise.all(Array.from({ length: 10 }, () => subject().claim(orderId, T)));
      expect(all.filter((order) => order !== undefined)).toHaveLength(1);
    });

    it('expires, and the next claim returns the current order', async () => {
      const order = await created();
      const paid = await append(order, charged);
      const { orderId } = order.purchase;
      // Each event renews the lease.
      expect(await subject().claim(orderId, T + LEASE_MS)).toBeUndefined();
      expect(await subject().claim(orderId, T + 1 + LEASE_MS)).toEqual(paid);
      expect(await subject().claim(orderId, T + 1 + LEASE_MS)).toBeUndefined();
    });

    it('lasts longer when it is renewed, and is not taken by a renewal after its release', async () => {
      const order = await created();
      const { orderId } = order.purchase;
      await subject().renew(orderId, T + 5);
      expect(await subject().claim(orderId, T + 4 + LEASE_MS)).toBeUndefined();
      expect(await isUnfinished(order, T + 4 + LEASE_MS)).toBe(false);
      expect(await isUnfinished(order, T + 5 + LEASE_MS)).toBe(true);
      await subject().release(orderId);
      await subject().renew(orderId, T);
      expect(await subject().claim(orderId, T)).toEqual(order);
    });

    it('is found among the unfinished orders, of which at most the requested number is returned', async () => {
      for (const order of [await created(), await created()]) await subject().release(order.purchase.orderId);
      expect(await subject().unfinished(T, 1)).toHaveLength(1);
    });

    it('is not granted for an unknown order', async () => {
      expect(await subject().claim('no such order', T)).toBeUndefined();
      await subject().renew('no such order', T);
      await subject().release('no such order');
    });
  });

  describe('the unfinished orders', () => {
    it('are those without a valid lease', async () => {
      const order = await created();
      expect(await isUnfinished(order, T)).toBe(false);
      expect(await isUnfinished(order, T + LEASE_MS)).toBe(true);
      await subject().release(order.purchase.orderId);
      expect(await isUnfinished(order, T)).toBe(true);
    });

    it('exclude orders in a final state and orders that need manual intervention', async () => {
      const [one, other] = [await created(), await created()];
      await append(one, rejected);
      await append(other, { type: 'intervention-needed', reason: 'PAYMENT_UNKNOWN', timeMs: T });
      expect(await isUnfinished(one, T + 2 * LEASE_MS)).toBe(false);
      expect(await isUnfinished(other, T + 2 * LEASE_MS)).toBe(false);
    });

    it('include an order again after manual intervention', async () => {
      const order = await created();
      const odd = await append(order, { type: 'intervention-needed', reason: 'PAYMENT_UNKNOWN', timeMs: T });
      await append(odd, charged);
      expect(await isUnfinished(order, T + 2 * LEASE_MS)).toBe(true);
    });
  });

  describe('the list', () => {
    it('returns the orders of one user, newest first, in pages', async () => {
      const userId = newName('user');
      await created();
      const ids: (string | undefined)[] = [];
      for (let i = 0; i < 5; i += 1) ids.unshift(idOf(await created({ userId })));
      const page = async (limit: number, afterOrderId?: string) =>
        idsOf(await subject().list(userId, { limit, afterOrderId }));
      expect(await page(9)).toEqual(ids);
      expect(await page(2)).toEqual(ids.slice(0, 2));
      expect(await page(2, ids[1])).toEqual(ids.slice(2, 4));
      expect(await page(2, ids[3])).toEqual(ids.slice(4));
      expect(await page(2, ids[4])).toEqual([]);
    });

    it('is empty for a user without orders', async () => {
      expect(await subject().list('a-user-without-orders', { limit: 9, afterOrderId: undefined })).toEqual([]);
    });

    it('returns undefined after an order of another user', async () => {
      const [mine, theirs] = [await created(), await created()];
      const page = (afterOrderId: string) => subject().list(mine.purchase.userId, { limit: 9, afterOrderId });
      expect(await page(theirs.purchase.orderId)).toBeUndefined();
      expect(await page('no such order')).toBeUndefined();
    });
  });

  describe('the outbox', () => {
    const withTasks = async (...kinds: OutboxTask['kind'][]): Promise<Order> => {
      const order = await created();
      await append(order, charged, kinds);
      return order;
    };

    it('returns the tasks of an event once they are due', async () => {
      const order = await withTasks('send-confirmation', 'empty-cart');
      const tasks = await due(order, T + 1);
      expect(tasks.map(({ kind, tries }) => [kind, tries])).toEqual(
        expect.arrayContaining([
          ['send-confirmation', 0],
          ['empty-cart', 0],
        ]),
      );
      expect(new Set(tasks.map(({ taskId }) => taskId)).size).toBe(2);
      expect(await due(order, T)).toEqual([]);
    });

    it('stores the trace context of each task', async () => {
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const order = await created();
      await subject().append(order, charged, [{ kind: 'send-confirmation', traceparent }, { kind: 'empty-cart' }]);
      const traces = (await due(order, T + 1)).map((task) => [task.kind, task.traceparent]);
      expect(traces).toEqual(
        expect.arrayContaining([
          ['send-confirmation', traceparent],
          ['empty-cart', undefined],
        ]),
      );
    });

    it('returns a due task to one claimer, and again when the claim has expired', async () => {
      const order = await withTasks('send-confirmation');
      const claims = await Promise.all(Array.from({ length: 5 }, () => due(order, T + 1)));
      expect(claims.flat()).toHaveLength(1);
      expect(await due(order, T + LEASE_MS)).toEqual([]);
      const again = await due(order, T + 1 + LEASE_MS);
      expect(again.map(({ taskId }) => taskId)).toEqual(claims.flat().map(({ taskId }) => taskId));
    });

    it('returns at most as many tasks as were asked for', async () => {
      await withTasks('send-confirmation', 'empty-cart');
      expect(await subject().claimDueTasks(T + 1, 1)).toHaveLength(1);
      expect(await subject().claimDueTasks(T + 1, 1)).toHaveLength(1);
    });

    it('no longer returns a task that is done', async () => {
      const order = await withTasks('send-confirmation', 'empty-cart');
      const [first] = await due(order, T + 1);
      await subject().taskDone(first?.taskId ?? '');
      expect(await due(order, T + 1 + LEASE_MS)).toHaveLength(1);
    });

    it('counts a failed attempt and postpones the task', async () => {
      const order = await withTasks('send-confirmation');
      const [task] = await due(order, T + 1);
      await subject().taskFailed(task?.taskId ?? '', T + 1000);
      expect(await due(order, T + 999)).toEqual([]);
      expect(await due(order, T + 1000)).toMatchObject([{ taskId: task?.taskId, tries: 1 }]);
    });

    it('never returns a dead-lettered task as due', async () => {
      const order = await withTasks('send-confirmation');
      const [task] = await due(order, T + 1);
      await subject().taskDeadLettered(task?.taskId ?? '');
      await subject().taskFailed(task?.taskId ?? '', T);
      expect(await due(order, T + 100 * LEASE_MS)).toEqual([]);
    });
  });

  describe('the backlog', () => {
    const counted = async () => {
      const { unfinished, ...rest } = await subject().backlog();
      return { ...rest, of: (state: OrderStateName): number => unfinished.get(state)?.count ?? 0, unfinished };
    };

    it('counts unfinished orders by state, and waiting and dead-lettered tasks', async () => {
      const was = await counted();
      const [placed, paid, odd, over] = [await created(), await created(), await created(), await created()];
      await append(paid, charged, ['send-confirmation', 'empty-cart']);
      await append(odd, { type: 'intervention-needed', reason: 'PAYMENT_UNKNOWN', timeMs: T });
      await append(over, rejected, ['send-cancellation']);
      const [mail] = await due(paid, T + 1);
      await subject().taskDeadLettered(mail?.taskId ?? '');
      const is = await counted();
      expect(is.of('PLACED') - was.of('PLACED')).toBe(1);
      expect(is.of('PAID') - was.of('PAID')).toBe(1);
      expect(is.of('REJECTED')).toBe(0);
      expect(is.needIntervention - was.needIntervention).toBe(1);
      expect(is.tasksWaiting - was.tasksWaiting).toBe(2);
      expect(is.tasksDeadLettered - was.tasksDeadLettered).toBe(1);
      expect(is.unfinished.get('PAID')?.oldestPlacedMs).toBe(T);
      await append(placed, rejected);
      expect((await counted()).of('PLACED')).toBe(was.of('PLACED'));
    });
  });
}

/**
 * The contract of every order store that several processes share.
 *
 * @param openOther opens the store as another process
 */
export function itLeasesToOneProcess(subject: () => OrderStore, openOther: () => OrderStore): void {
  it('renews and releases the lease of an order only for the process that holds it', async () => {
    const [store, other] = [subject(), openOther()];
    const { order } = await store.create(purchaseOf({ orderId: 'leased', userId: 'dora' }), T);
    await other.release('leased');
    expect(await other.claim('leased', T)).toBeUndefined();
    const later = T + LEASE_MS;
    expect(await other.claim('leased', later)).toEqual(order);
    await store.release('leased');
    await store.renew('leased', later + LEASE_MS);
    expect(await store.claim('leased', later)).toBeUndefined();
    expect(await store.claim('leased', later + LEASE_MS)).toEqual(order);
  });
}
