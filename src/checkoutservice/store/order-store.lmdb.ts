import { DomainError } from '../../lib/errors.ts';
import type { EmbeddedDatabase, Key } from '../../lib/store/embedded-database.ts';
import type { OrderStateName } from '../../order-state.ts';
import { evolve, freesKey, nextStep, type Order, type OrderEvent, type Purchase, placedOrder } from '../order/order.ts';
import { LEASE_MS, type OrderStore, type OutboxTask } from './order-store.ts';

type Task = OutboxTask & { readonly dueAtMs: number };

type Lease = { readonly owner: string; readonly untilMs: number };

/**
 * Stores orders in a database in files of this machine, shared by the replicas of checkoutservice on it. An event, its
 * tasks, the order that results from it and the lease are one transaction.
 *
 * @param options.leaseMs duration of a lease, in milliseconds
 */
export function openLmdbOrderStore(options: {
  database: EmbeddedDatabase;
  newId: () => string;
  leaseMs?: number;
}): OrderStore {
  const { database, newId, leaseMs = LEASE_MS } = options;
  // Identifies this process among those that have the database open.
  const owner = newId();
  // The events are the truth; every other table can be derived from them and from the progress of the outbox.
  const events = database.table<OrderEvent>('events');
  const orders = database.table<Order>('orders');
  const leases = database.table<Lease>('leases');
  const idsByKey = database.table<string>('ids-by-key');
  const idsByCart = database.table<string>('ids-by-cart');
  // By user and number of the order, which grows by one per order of the store.
  const idsByUser = database.table<string>('ids-by-user');
  const numbers = database.table<number>('numbers');
  const unfinished = database.table<{ readonly state: OrderStateName; readonly placedMs: number }>('unfinished');
  const interventions = database.table<true>('interventions');
  const tasks = database.table<Task>('tasks');
  const dueTasks = database.table<true>('due-tasks');
  const deadLetters = database.table<Task>('dead-letters');

  const ofKey = (userId: string, idempotencyKey: string): Order | undefined => {
    const id = idsByKey.get([userId, idempotencyKey]);
    const order = id === undefined ? undefined : orders.get([id]);
    return order === undefined || freesKey(order) ? undefined : order;
  };

  const ofCart = ({ userId, cartVersion }: Purchase): Order | undefined => {
    const id = cartVersion === undefined ? undefined : idsByCart.get([userId, cartVersion]);
    const order = id === undefined ? undefined : orders.get([id]);
    return order?.state === 'REJECTED' ? undefined : order;
  };

  const lease = (orderId: string, fromMs: number): void => leases.put([orderId], { owner, untilMs: fromMs + leaseMs });

  const isLeased = (orderId: string, nowMs: number): boolean => (leases.get([orderId])?.untilMs ?? 0) > nowMs;

  const project = (order: Order): void => {
    const key = [order.purchase.orderId];
    orders.put(key, order);
    if (nextStep(order) === undefined) unfinished.remove(key);
    else unfinished.put(key, { state: order.state, placedMs: order.history[0]?.timeMs ?? 0 });
    if (order.needsIntervention) interventions.put(key, true);
    else interventions.remove(key);
  };

  const place = (purchase: Purchase, timeMs: number): Order => {
    const { orderId, userId, cartVersion } = purchase;
    const order = placedOrder(purchase, timeMs);
    const number = (numbers.get(['last-order']) ?? 0) + 1;
    events.put([orderId, 1], { type: 'placed', purchase, timeMs });
    project(order);
    lease(orderId, timeMs);
    numbers.put(['last-order'], number);
    numbers.put(['of', orderId], number);
    idsByUser.put([userId, number], orderId);
    if (cartVersion !== undefined) idsByCart.put([userId, cartVersion], orderId);
    return order;
  };

  const putTask = (task: Task): void => {
    tasks.put([task.taskId], task);
    dueTasks.put([task.dueAtMs, task.taskId], true);
  };

  const takeTask = (taskId: string): Task | undefined => {
    const task = tasks.get([taskId]);
    if (task === undefined) return undefined;
    tasks.remove([taskId]);
    dueTasks.remove([task.dueAtMs, taskId]);
    return task;
  };

  return {
    create: async (purchase, timeMs) =>
      await database.write(() => {
        const { userId, idempotencyKey } = purchase;
        const sameKey = ofKey(userId, idempotencyKey);
        if (sameKey !== undefined) return { order: sameKey, created: false };
        const sameCart = ofCart(purchase);
        const order = sameCart ?? place(purchase, timeMs);
        idsByKey.put([userId, idempotencyKey], order.purchase.orderId);
        return { order, created: sameCart === undefined };
      }),
    append: async (order, event, newTasks) =>
      await database.write(() => {
        const { orderId } = order.purchase;
        const stored = orders.get([orderId]);
        if (stored?.version !== order.version) {
          throw new DomainError('aborted', 'ORDER_CHANGED', 'another writer changed the order');
        }
        const next = evolve(stored, event);
        events.put([orderId, next.version], event);
        project(next);
        if (leases.get([orderId])?.owner === owner) lease(orderId, event.timeMs);
        for (const task of newTasks) putTask({ ...task, taskId: newId(), orderId, tries: 0, dueAtMs: event.timeMs });
        return next;
      }),
    claim: async (orderId, nowMs) =>
      await database.write(() => {
        const order = orders.get([orderId]);
        if (order === undefined || isLeased(orderId, nowMs)) return undefined;
        lease(orderId, nowMs);
        return order;
      }),
    renew: async (orderId, nowMs) =>
      await database.write(() => {
        if (leases.get([orderId])?.owner === owner) lease(orderId, nowMs);
      }),
    release: async (orderId) =>
      await database.write(() => {
        if (leases.get([orderId])?.owner === owner) leases.remove([orderId]);
      }),
    get: async (orderId) => orders.get([orderId]),
    findByKey: async (userId, key) => ofKey(userId, key),
    list: async (userId, { limit, afterOrderId }) => {
      const number = afterOrderId === undefined ? undefined : numbers.get(['of', afterOrderId]);
      const after: Key | undefined = number === undefined ? undefined : [userId, number];
      if (afterOrderId !== undefined && (after === undefined || idsByUser.get(after) === undefined)) return undefined;
      const ids = idsByUser.entries([userId], { limit, reverse: true, ...(after === undefined ? {} : { after }) });
      return ids.flatMap(({ value: id }) => orders.get([id]) ?? []);
    },
    unfinished: async (nowMs) =>
      unfinished.entries().flatMap(({ key: [orderId = ''] }) => {
        return isLeased(String(orderId), nowMs) ? [] : (orders.get([orderId]) ?? []);
      }),
    claimDueTasks: async (nowMs, limit) => {
      // Most sweeps find nothing: they read, and wait for no other writer.
      if (dueTasks.entries([], { through: [nowMs], limit: 1 }).length === 0) return [];
      return await database.write(() => {
        const due = dueTasks.entries([], { through: [nowMs], limit });
        const claimed = due.flatMap(({ key: [, taskId = ''] }) => takeTask(String(taskId)) ?? []);
        for (const task of claimed) putTask({ ...task, dueAtMs: nowMs + leaseMs });
        return claimed;
      });
    },
    taskDone: async (taskId) => {
      await database.write(() => takeTask(taskId));
    },
    taskFailed: async (taskId, retryAtMs) =>
      await database.write(() => {
        const task = takeTask(taskId);
        if (task !== undefined) putTask({ ...task, tries: task.tries + 1, dueAtMs: retryAtMs });
      }),
    taskDeadLettered: async (taskId) =>
      await database.write(() => {
        const task = takeTask(taskId);
        if (task !== undefined) deadLetters.put([taskId], { ...task, tries: task.tries + 1 });
      }),
    backlog: async () => {
      const byState = new Map<OrderStateName, { count: number; oldestPlacedMs: number }>();
      for (const { value } of unfinished.entries()) {
        const { count, oldestPlacedMs } = byState.get(value.state) ?? { count: 0, oldestPlacedMs: value.placedMs };
        byState.set(value.state, { count: count + 1, oldestPlacedMs: Math.min(oldestPlacedMs, value.placedMs) });
      }
      return {
        unfinished: byState,
        needIntervention: interventions.count(),
        tasksWaiting: tasks.count(),
        tasksDeadLettered: deadLetters.count(),
      };
    },
  };
}
