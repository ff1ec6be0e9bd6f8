import { DomainError } from '../../lib/errors.ts';
import type { OrderStateName } from '../../order-state.ts';
import { evolve, freesKey, nextStep, type Order, type OrderEvent, type Purchase, placedOrder } from '../order/order.ts';
import { LEASE_MS, type OrderStore, type OutboxTask } from './order-store.ts';

type Task = OutboxTask & { readonly dueAtMs: number };

type StoredOrder = {
  order: Order;
  readonly events: OrderEvent[];
  /** 0: not claimed. */
  leasedUntilMs: number;
  /** Its tasks: due, postponed or dead-lettered. */
  readonly tasks: Map<string, Task>;
};

const nameOf = (userId: string, key: string): string => JSON.stringify([userId, key]);
const cartOf = ({ userId, cartVersion }: Purchase): string | undefined =>
  cartVersion === undefined ? undefined : nameOf(userId, cartVersion);

/** Stores orders in the memory of this process. */
export function openMemoryOrderStore({ newId }: { newId: () => string }): OrderStore {
  // Each in the order of creation.
  const orders = new Map<string, StoredOrder>();
  const idsByUser = new Map<string, string[]>();
  const byKey = new Map<string, StoredOrder>();
  const byCart = new Map<string, StoredOrder>();
  const unfinished = new Set<StoredOrder>();
  const queue = new Map<string, StoredOrder>();

  const insert = (purchase: Purchase, timeMs: number): StoredOrder => {
    const { orderId, userId } = purchase;
    const order = placedOrder(purchase, timeMs);
    const events: OrderEvent[] = [{ type: 'placed', purchase, timeMs }];
    const stored: StoredOrder = { order, events, leasedUntilMs: timeMs + LEASE_MS, tasks: new Map() };
    orders.set(orderId, stored);
    unfinished.add(stored);
    idsByUser.set(userId, [...(idsByUser.get(userId) ?? []), orderId]);
    const cart = cartOf(purchase);
    if (cart !== undefined) byCart.set(cart, stored);
    return stored;
  };

  const ofKey = (name: string): StoredOrder | undefined => {
    const found = byKey.get(name);
    return found === undefined || freesKey(found.order) ? undefined : found;
  };

  const ofCart = (purchase: Purchase): StoredOrder | undefined => {
    const found = byCart.get(cartOf(purchase) ?? '');
    return found?.order.state === 'REJECTED' ? undefined : found;
  };

  const changeTask = (taskId: string, change: (task: Task) => Partial<Task>): void => {
    const stored = queue.get(taskId);
    const task = stored?.tasks.get(taskId);
    if (stored !== undefined && task !== undefined) stored.tasks.set(taskId, { ...task, ...change(task) });
  };

  return {
    create: async (purchase, timeMs) => {
      const name = nameOf(purchase.userId, purchase.idempotencyKey);
      const sameKey = ofKey(name);
      if (sameKey !== undefined) return { order: sameKey.order, created: false };
      const sameCart = ofCart(purchase);
      const stored = sameCart ?? insert(purchase, timeMs);
      byKey.set(name, stored);
      return { order: stored.order, created: sameCart === undefined };
    },
    append: async (order, event, tasks) => {
      const stored = orders.get(order.purchase.orderId);
      if (stored?.order.version !== order.version) {
        throw new DomainError('aborted', 'ORDER_CHANGED', 'another writer changed the order');
      }
      stored.order = evolve(stored.order, event);
      stored.events.push(event);
      if (nextStep(stored.order) === undefined) unfinished.delete(stored);
      else unfinished.add(stored);
      if (stored.leasedUntilMs > 0) stored.leasedUntilMs = event.timeMs + LEASE_MS;
      for (const task of tasks) {
        const taskId = newId();
        stored.tasks.set(taskId, { ...task, taskId, orderId: order.purchase.orderId, tries: 0, dueAtMs: event.timeMs });
        queue.set(taskId, stored);
      }
      return stored.order;
    },
    claim: async (orderId, nowMs) => {
      const stored = orders.get(orderId);
      if (stored === undefined || stored.leasedUntilMs > nowMs) return undefined;
      stored.leasedUntilMs = nowMs + LEASE_MS;
      return stored.order;
    },
    renew: async (orderId, nowMs) => {
      const stored = orders.get(orderId);
      if (stored !== undefined && stored.leasedUntilMs > 0) stored.leasedUntilMs = nowMs + LEASE_MS;
    },
    release: async (orderId) => {
      const stored = orders.get(orderId);
      if (stored !== undefined) stored.leasedUntilMs = 0;
    },
    get: async (orderId) => orders.get(orderId)?.order,
    findByKey: async (userId, key) => ofKey(nameOf(userId, key))?.order,
    list: async (userId, { limit, afterOrderId }) => {
      const newestFirst = (idsByUser.get(userId) ?? []).toReversed();
      const after = afterOrderId === undefined ? -1 : newestFirst.indexOf(afterOrderId);
      if (after < 0 && afterOrderId !== undefined) return undefined;
      return newestFirst.slice(after + 1, after + 1 + limit).flatMap((id) => orders.get(id)?.order ?? []);
    },
    unfinished: async (nowMs, limit) =>
      [...unfinished]
        .filter(({ leasedUntilMs }) => leasedUntilMs <= nowMs)
        .slice(0, limit)
        .map(({ order }) => order),
    claimDueTasks: async (nowMs, limit) => {
      const due = [...queue].flatMap(([taskId, { tasks }]) => tasks.get(taskId) ?? []);
      const claimed = due.filter(({ dueAtMs }) => dueAtMs <= nowMs).slice(0, limit);
      for (const { taskId } of claimed) changeTask(taskId, () => ({ dueAtMs: nowMs + LEASE_MS }));
      return claimed;
    },
    taskDone: async (taskId) => {
      queue.get(taskId)?.tasks.delete(taskId);
      queue.delete(taskId);
    },
    taskFailed: async (taskId, retryAtMs) =>
      changeTask(taskId, ({ tries }) => ({ tries: tries + 1, dueAtMs: retryAtMs })),
    taskDeadLettered: async (taskId) => {
      changeTask(taskId, ({ tries }) => ({ tries: tries + 1 }));
      queue.delete(taskId);
    },
    backlog: async () => {
      const byState = new Map<OrderStateName, { count: number; oldestPlacedMs: number }>();
      for (const { order } of unfinished) {
        const placedMs = order.history[0]?.timeMs ?? 0;
        const { count, oldestPlacedMs } = byState.get(order.state) ?? { count: 0, oldestPlacedMs: placedMs };
        byState.set(order.state, { count: count + 1, oldestPlacedMs: Math.min(oldestPlacedMs, placedMs) });
      }
      const all = [...orders.values()];
      const stored = all.reduce((sum, { tasks }) => sum + tasks.size, 0);
      return {
        unfinished: byState,
        needIntervention: all.filter(({ order }) => order.needsIntervention).length,
        tasksWaiting: queue.size,
        tasksDeadLettered: stored - queue.size,
      };
    },
    events: async (orderId) => [...(orders.get(orderId)?.events ?? [])],
    projectionLag: async () => 0,
  };
}
