import { DomainError } from '../../lib/errors.ts';
import type { OrderStateName } from '../../order-state.ts';
import { evolve, freesKey, nextStep, type Order, type Purchase, placedOrder } from '../order/order.ts';
import { LEASE_MS, type OrderStore, type OutboxTask } from './order-store.ts';

const MAX_ORDERS = 10_000;

type Task = OutboxTask & { readonly dueAtMs: number };

type Kept = {
  order: Order;
  /** 0: not claimed. */
  leasedUntilMs: number;
  /** Its keys in `byKey` and `byCart`. */
  readonly names: string[];
  /** Its tasks: due, postponed or dead-lettered. */
  readonly tasks: Map<string, Task>;
};

const nameOf = (userId: string, key: string): string => JSON.stringify([userId, key]);
const cartOf = ({ userId, cartVersion }: Purchase): string | undefined =>
  cartVersion === undefined ? undefined : nameOf(userId, cartVersion);

/**
 * Stores orders in the memory of this process. Above ten thousand orders, the oldest one in a final state without waiting
 * tasks is removed.
 */
export function openMemoryOrderStore(options: { newId: () => string; maxOrders?: number }): OrderStore {
  const { newId, maxOrders = MAX_ORDERS } = options;
  // Each in the order of creation.
  const orders = new Map<string, Kept>();
  const idsByUser = new Map<string, string[]>();
  const byKey = new Map<string, Kept>();
  const byCart = new Map<string, Kept>();
  const unfinished = new Set<Kept>();
  const queue = new Map<string, Kept>();

  const isRemovable = (kept: Kept): boolean => {
    if (unfinished.has(kept) || kept.order.needsIntervention) return false;
    return [...kept.tasks.keys()].every((taskId) => !queue.has(taskId));
  };

  const firstRemovable = (): Kept | undefined => {
    for (const kept of orders.values()) if (isRemovable(kept)) return kept;
    return undefined;
  };

  const remove = (kept: Kept): void => {
    const { orderId, userId } = kept.order.purchase;
    orders.delete(orderId);
    for (const name of kept.names) {
      if (byKey.get(name) === kept) byKey.delete(name);
      if (byCart.get(name) === kept) byCart.delete(name);
    }
    const left = (idsByUser.get(userId) ?? []).filter((id) => id !== orderId);
    if (left.length > 0) idsByUser.set(userId, left);
    else idsByUser.delete(userId);
  };

  const makeRoom = (): void => {
    if (orders.size < maxOrders) return;
    const oldest = firstRemovable();
    if (oldest === undefined) {
      throw new DomainError('exhausted', 'ORDERS_FULL', 'too many unfinished orders, try again later');
    }
    remove(oldest);
  };

  const nameByKey = (kept: Kept, name: string): void => {
    byKey.set(name, kept);
    kept.names.push(name);
  };

  const keep = (purchase: Purchase, timeMs: number): Kept => {
    const { orderId, userId } = purchase;
    const order = placedOrder(purchase, timeMs);
    const kept: Kept = { order, leasedUntilMs: timeMs + LEASE_MS, names: [], tasks: new Map() };
    orders.set(orderId, kept);
    unfinished.add(kept);
    const ids = idsByUser.get(userId);
    if (ids === undefined) idsByUser.set(userId, [orderId]);
    else ids.push(orderId);
    const cart = cartOf(purchase);
    if (cart !== undefined) {
      byCart.set(cart, kept);
      kept.names.push(cart);
    }
    return kept;
  };

  const ofKey = (name: string): Kept | undefined => {
    const found = byKey.get(name);
    return found === undefined || freesKey(found.order) ? undefined : found;
  };

  const ofCart = (purchase: Purchase): Kept | undefined => {
    const found = byCart.get(cartOf(purchase) ?? '');
    return found?.order.state === 'REJECTED' ? undefined : found;
  };

  const changeTask = (taskId: string, change: (task: Task) => Partial<Task>): void => {
    const kept = queue.get(taskId);
    const task = kept?.tasks.get(taskId);
    if (kept !== undefined && task !== undefined) kept.tasks.set(taskId, { ...task, ...change(task) });
  };

  return {
    create: async (purchase, timeMs) => {
      const name = nameOf(purchase.userId, purchase.idempotencyKey);
      const sameKey = ofKey(name);
      if (sameKey !== undefined) return { order: sameKey.order, created: false };
      const sameCart = ofCart(purchase);
      if (sameCart === undefined) makeRoom();
      const kept = sameCart ?? keep(purchase, timeMs);
      nameByKey(kept, name);
      return { order: kept.order, created: sameCart === undefined };
    },
    append: async (order, event, tasks) => {
      const kept = orders.get(order.purchase.orderId);
      if (kept?.order.version !== order.version) {
        throw new DomainError('aborted', 'ORDER_CHANGED', 'another writer changed the order');
      }
      kept.order = evolve(kept.order, event);
      if (nextStep(kept.order) === undefined) unfinished.delete(kept);
      else unfinished.add(kept);
      if (kept.leasedUntilMs > 0) kept.leasedUntilMs = event.timeMs + LEASE_MS;
      for (const task of tasks) {
        const taskId = newId();
        kept.tasks.set(taskId, { ...task, taskId, orderId: order.purchase.orderId, tries: 0, dueAtMs: event.timeMs });
        queue.set(taskId, kept);
      }
      return kept.order;
    },
    claim: async (orderId, nowMs) => {
      const kept = orders.get(orderId);
      if (kept === undefined || kept.leasedUntilMs > nowMs) return undefined;
      kept.leasedUntilMs = nowMs + LEASE_MS;
      return kept.order;
    },
    release: async (orderId) => {
      const kept = orders.get(orderId);
      if (kept !== undefined) kept.leasedUntilMs = 0;
    },
    get: async (orderId) => orders.get(orderId)?.order,
    findByKey: async (userId, key) => ofKey(nameOf(userId, key))?.order,
    list: async (userId, { limit, afterOrderId }) => {
      const newestFirst = (idsByUser.get(userId) ?? []).toReversed();
      const after = afterOrderId === undefined ? -1 : newestFirst.indexOf(afterOrderId);
      if (after < 0 && afterOrderId !== undefined) return undefined;
      return newestFirst.slice(after + 1, after + 1 + limit).flatMap((id) => orders.get(id)?.order ?? []);
    },
    unfinished: async (nowMs) =>
      [...unfinished].filter(({ leasedUntilMs }) => leasedUntilMs <= nowMs).map(({ order }) => order),
    dueTasks: async (nowMs) =>
      [...queue].flatMap(([taskId, { tasks }]) => tasks.get(taskId) ?? []).filter(({ dueAtMs }) => dueAtMs <= nowMs),
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
      const kept = all.reduce((sum, { tasks }) => sum + tasks.size, 0);
      return {
        unfinished: byState,
        needIntervention: all.filter(({ order }) => order.needsIntervention).length,
        tasksWaiting: queue.size,
        tasksDeadLettered: kept - queue.size,
      };
    },
  };
}
