import { TEST_START_MS } from '../../lib/testing/test-runtime.ts';
import type { Order, OrderEvent, OrderState, Purchase } from '../order/order.ts';
import { LEASE_MS, type OrderStore, type OutboxTask } from './order-store.ts';

/** A purchase. Its key is `key of <orderId>`, and its cart has no version, unless said otherwise. */
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

/** What every order store must do. Call it inside a `describe`. */
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
    idsOf(await subject().unfinished(nowMs))?.includes(idOf(order)) === true;
  const due = async (order: Order, nowMs: number): Promise<readonly OutboxTask[]> =>
    (await subject().dueTasks(nowMs)).filter(({ orderId }) => orderId === idOf(order));

  describe('an order', () => {
    it('begins as placed and is found by its id and by its key', async () => {
      const { order, created: isNew } = await create();
      const { orderId, userId, idempotencyKey } = order.purchase;
      expect(isNew).toBe(true);
      expect(order).toMatchObject({ state: 'PLACED', version: 1, history: [{ state: 'PLACED', timeMs: T }] });
      expect(await subject().get(orderId)).toEqual(order);
      expect(await subject().findByKey(userId, idempotencyKey)).toEqual(order);
    });

    it('is one for one key of one user, however often and at once it is begun', async () => {
      const [userId, idempotencyKey] = [newName('user'), 'key'];
      const all = await Promise.all(Array.from({ length: 10 }, () => create({ userId, idempotencyKey })));
      expect(all.filter(({ created: isNew }) => isNew)).toHaveLength(1);
      expect(new Set(all.map(({ order }) => idOf(order))).size).toBe(1);
      expect(await subject().list(userId, { limit: 9, afterOrderId: undefined })).toHaveLength(1);
    });

    it('is another one for the same key of another user', async () => {
      const one = await created({ idempotencyKey: 'key' });
      const { order: other, created: isNew } = await create({ idempotencyKey: 'key' });
      expect(isNew).toBe(true);
      expect(idOf(other)).not.toBe(idOf(one));
    });

    it('is one for one version of a cart, and found by either key from then on', async () => {
      const userId = newName('user');
      const first = await created({ userId, cartVersion: 'v1' });
      const second = await create({ userId, cartVersion: 'v1', idempotencyKey: 'of a stale form' });
      expect(second.created).toBe(false);
      expect(idOf(second.order)).toBe(idOf(first));
      expect(idOf(await subject().findByKey(userId, 'of a stale form'))).toBe(idOf(first));
      expect((await create({ userId, cartVersion: 'v2' })).created).toBe(true);
    });

    it('may be begun again with another key once the one before it was rejected', async () => {
      const userId = newName('user');
      const first = await created({ userId, cartVersion: 'v1' });
      await append(first, rejected);
      const second = await create({ userId, cartVersion: 'v1' });
      expect(second.created).toBe(true);
      const same = await create({ userId, cartVersion: 'v1', idempotencyKey: first.purchase.idempotencyKey });
      expect(idOf(same.order)).toBe(idOf(first));
    });

    it('is unknown by any other id or key', async () => {
      const { purchase } = await created();
      expect(await subject().get('no such order')).toBeUndefined();
      expect(await subject().findByKey(purchase.userId, 'no such key')).toBeUndefined();
      expect(await subject().findByKey('somebody else', purchase.idempotencyKey)).toBeUndefined();
    });
  });

  describe('an event', () => {
    it('moves the order and is there for everybody', async () => {
      const order = await created();
      const paid = await append(order, charged);
      expect(paid).toMatchObject({ state: 'PAID', version: 2, transactionId: 'tx' });
      expect(await subject().get(order.purchase.orderId)).toEqual(paid);
    });

    it('is refused when somebody else was first, and leaves neither a trace nor work', async () => {
      const order = await created();
      const paid = await append(order, charged);
      await expect(append(order, rejected, ['send-cancellation'])).rejects.toMatchObject({ reason: 'ORDER_CHANGED' });
      expect(await subject().get(order.purchase.orderId)).toEqual(paid);
      expect(await due(order, T + 10)).toEqual([]);
    });

    it('is taken once of many at the same time', async () => {
      const order = await created();
      const all = await Promise.allSettled(Array.from({ length: 10 }, () => append(order, charged)));
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await subject().get(order.purchase.orderId))?.version).toBe(2);
    });

    it('is refused for an order that is not there', async () => {
      const order = await created();
      const stranger = { ...order, purchase: { ...order.purchase, orderId: 'no such order' } };
      await expect(append(stranger, charged)).rejects.toMatchObject({ reason: 'ORDER_CHANGED' });
    });
  });

  describe('a claim', () => {
    it('is with the one who made the order, until it is given back', async () => {
      const order = await created();
      const { orderId } = order.purchase;
      expect(await subject().claim(orderId, T)).toBeUndefined();
      await subject().release(orderId);
      expect(await subject().claim(orderId, T)).toEqual(order);
    });

    it('is with one at a time', async () => {
      const { orderId } = (await created()).purchase;
      await subject().release(orderId);
      const all = await Promise.all(Array.from({ length: 10 }, () => subject().claim(orderId, T)));
      expect(all.filter((order) => order !== undefined)).toHaveLength(1);
    });

    it('runs out when its claimer is gone, and answers the order as it then is', async () => {
      const order = await created();
      const paid = await append(order, charged);
      const { orderId } = order.purchase;
      // Each event prolongs it.
      expect(await subject().claim(orderId, T + LEASE_MS)).toBeUndefined();
      expect(await subject().claim(orderId, T + 1 + LEASE_MS)).toEqual(paid);
      expect(await subject().claim(orderId, T + 1 + LEASE_MS)).toBeUndefined();
    });

    it('is none for an order that is not there', async () => {
      expect(await subject().claim('no such order', T)).toBeUndefined();
      await subject().release('no such order');
    });
  });

  describe('the unfinished orders', () => {
    it('are those that nobody drives', async () => {
      const order = await created();
      expect(await isUnfinished(order, T)).toBe(false);
      expect(await isUnfinished(order, T + LEASE_MS)).toBe(true);
      await subject().release(order.purchase.orderId);
      expect(await isUnfinished(order, T)).toBe(true);
    });

    it('are none that are at their end or need a person', async () => {
      const [one, other] = [await created(), await created()];
      await append(one, rejected);
      await append(other, { type: 'intervention-needed', reason: 'PAYMENT_UNKNOWN', timeMs: T });
      expect(await isUnfinished(one, T + 2 * LEASE_MS)).toBe(false);
      expect(await isUnfinished(other, T + 2 * LEASE_MS)).toBe(false);
    });

    it('are again those that a person has brought further', async () => {
      const order = await created();
      const odd = await append(order, { type: 'intervention-needed', reason: 'PAYMENT_UNKNOWN', timeMs: T });
      await append(odd, charged);
      expect(await isUnfinished(order, T + 2 * LEASE_MS)).toBe(true);
    });
  });

  describe('the list', () => {
    it('answers the orders of one user, newest first, a page at a time', async () => {
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
      expect(await subject().list('nobody', { limit: 9, afterOrderId: undefined })).toEqual([]);
    });

    it('has no page after an order that is not the user’s', async () => {
      const [mine, theirs] = [await created(), await created()];
      const page = (afterOrderId: string) => subject().list(mine.purchase.userId, { limit: 9, afterOrderId });
      expect(await page(theirs.purchase.orderId)).toBeUndefined();
      expect(await page('no such order')).toBeUndefined();
    });
  });

  describe('the outbox', () => {
    const withWork = async (...work: OutboxTask['kind'][]): Promise<Order> => {
      const order = await created();
      await append(order, charged, work);
      return order;
    };

    it('gets its work with the event that it follows from', async () => {
      const order = await withWork('send-confirmation', 'empty-cart');
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

    it('remembers the trace of the click that each task follows from', async () => {
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

    it('has no task that is done', async () => {
      const order = await withWork('send-confirmation', 'empty-cart');
      const [first] = await due(order, T + 1);
      await subject().taskDone(first?.taskId ?? '');
      expect(await due(order, T + 1)).toHaveLength(1);
    });

    it('counts a task that failed and puts it off', async () => {
      const order = await withWork('send-confirmation');
      const [task] = await due(order, T + 1);
      await subject().taskFailed(task?.taskId ?? '', T + 1000);
      expect(await due(order, T + 999)).toEqual([]);
      expect(await due(order, T + 1000)).toMatchObject([{ taskId: task?.taskId, tries: 1 }]);
    });

    it('never returns a dead-lettered task as due', async () => {
      const order = await withWork('send-confirmation');
      const [task] = await due(order, T + 1);
      await subject().taskDead(task?.taskId ?? '');
      await subject().taskFailed(task?.taskId ?? '', T);
      expect(await due(order, Number.POSITIVE_INFINITY)).toEqual([]);
    });
  });
  describe('the backlog', () => {
    const counted = async () => {
      const { unfinished, ...rest } = await subject().backlog();
      return { ...rest, of: (state: OrderState): number => unfinished.get(state)?.count ?? 0, unfinished };
    };

    it('counts what is not at its end, by how it stands, and how long that has been so', async () => {
      const was = await counted();
      const [placed, paid, odd, over] = [await created(), await created(), await created(), await created()];
      await append(paid, charged, ['send-confirmation', 'empty-cart']);
      await append(odd, { type: 'intervention-needed', reason: 'PAYMENT_UNKNOWN', timeMs: T });
      await append(over, rejected, ['send-cancellation']);
      const [mail] = await due(paid, T + 1);
      await subject().taskDead(mail?.taskId ?? '');
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
