import { DomainError } from '../../lib/errors.ts';
import type { EmbeddedDatabase } from '../../lib/store/embedded-database.ts';
import type { OrderStateName } from '../../order-state.ts';
import { freesKey, type Order, type Purchase } from '../order/order.ts';
import { orderOperations } from './order-operations.lmdb.ts';
import { orderProjection } from './order-projection.lmdb.ts';
import { firstRow, nextRow } from './order-rows.ts';
import { LEASE_MS, type OrderOperations, type OrderStore, type StoreEvent } from './order-store.ts';
import { openOutbox } from './outbox.lmdb.ts';
import {
  newUserKey,
  type OrderRow,
  openEvent,
  openOrder,
  type StoredEvent,
  sealPurchase,
  type UserKey,
} from './personal-data.ts';

type Lease = { readonly owner: string; readonly untilMs: number };

/**
 * Stores orders in a database in files of this machine, shared by the replicas of checkoutservice on it. An event, its
 * tasks, the row that results from it and the lease are one transaction.
 *
 * @param options.leaseMs duration of a lease, in milliseconds
 */
export function openLmdbOrderStore(options: {
  database: EmbeddedDatabase;
  newId: () => string;
  leaseMs?: number;
}): OrderStore & OrderOperations {
  const { database, newId, leaseMs = LEASE_MS } = options;
  // Identifies this process among those that have the database open.
  const owner = newId();
  // The events are the truth, with the number of each order, the keys of shoppers, leases and the outbox. The projection
  // can be derived.
  const events = database.table<StoredEvent>('events');
  const projection = orderProjection(database, events);
  const userKeys = database.table<UserKey>('user-keys');
  const leases = database.table<Lease>('leases');
  const idsByKey = database.table<string>('ids-by-key');
  const outbox = openOutbox(database, newId);
  const storeEvents = database.table<StoreEvent>('store-events');

  const open = (row: OrderRow): Order => openOrder(row, userKeys.get([row.purchase.userId]));
  const orderOf = (orderId: string): Order | undefined => {
    const row = projection.row(orderId);
    return row === undefined ? undefined : open(row);
  };

  const ofKey = (userId: string, idempotencyKey: string): Order | undefined => {
    const id = idsByKey.get([userId, idempotencyKey]);
    const order = id === undefined ? undefined : orderOf(id);
    return order === undefined || freesKey(order) ? undefined : order;
  };

  const ofCart = ({ userId, cartVersion }: Purchase): Order | undefined => {
    const row = cartVersion === undefined ? undefined : projection.ofCart(userId, cartVersion);
    return row === undefined || row.state === 'REJECTED' ? undefined : open(row);
  };

  const lease = (orderId: string, fromMs: number): void => leases.put([orderId], { owner, untilMs: fromMs + leaseMs });

  const isLeased = (orderId: string, nowMs: number): boolean => (leases.get([orderId])?.untilMs ?? 0) > nowMs;

  const keyOf = (userId: string): UserKey => {
    const known = userKeys.get([userId]);
    if (known !== undefined) return known;
    const key = newUserKey();
    userKeys.put([userId], key);
    return key;
  };

  const place = (purchase: Purchase, timeMs: number): Order => {
    const sealed = sealPurchase(purchase, keyOf(purchase.userId));
    const row = firstRow(sealed, timeMs);
    projection.store(row, { type: 'placed', purchase: sealed, timeMs });
    lease(purchase.orderId, timeMs);
    return { ...row, purchase };
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
        const row = projection.row(orderId);
        if (row?.version !== order.version) {
          throw new DomainError('aborted', 'ORDER_CHANGED', 'another writer changed the order');
        }
        const next = nextRow(row, event);
        projection.store(next, event);
        if (leases.get([orderId])?.owner === owner) lease(orderId, event.timeMs);
        for (const task of newTasks) outbox.add(orderId, task, event.timeMs);
        return open(next);
      }),
    claim: async (orderId, nowMs) =>
      await database.write(() => {
        const order = orderOf(orderId);
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
    get: async (orderId) => orderOf(orderId),
    findByKey: async (userId, key) => ofKey(userId, key),
    list: async (userId, page) => projection.idsOfUser(userId, page)?.flatMap((id) => orderOf(id) ?? []),
    unfinished: async (nowMs, limit) => {
      const found: Order[] = [];
      for (const { orderId } of projection.unfinished()) {
        if (found.length === limit) break;
        const order = isLeased(orderId, nowMs) ? undefined : orderOf(orderId);
        if (order !== undefined) found.push(order);
      }
      return found;
    },
    claimDueTasks: async (nowMs, limit) => {
      // Most sweeps find nothing: they read, and wait for no other writer.
      if (!outbox.hasDue(nowMs)) return [];
      return await database.write(() => {
        const claimed = outbox.takeDue(nowMs, limit);
        for (const task of claimed) outbox.put({ ...task, dueAtMs: nowMs + leaseMs });
        return claimed;
      });
    },
    taskDone: async (taskId) => {
      await database.write(() => outbox.take(taskId));
    },
    taskFailed: async (taskId, retryAtMs) =>
      await database.write(() => {
        const task = outbox.take(taskId);
        if (task !== undefined) outbox.put({ ...task, tries: task.tries + 1, dueAtMs: retryAtMs });
      }),
    taskDeadLettered: async (taskId) =>
      await database.write(() => {
        const task = outbox.take(taskId);
        if (task !== undefined) outbox.deadLetter({ ...task, tries: task.tries + 1 });
      }),
    backlog: async () => {
      const byState = new Map<OrderStateName, { count: number; oldestPlacedMs: number }>();
      for (const { state, placedMs } of projection.unfinished()) {
        const { count, oldestPlacedMs } = byState.get(state) ?? { count: 0, oldestPlacedMs: placedMs };
        byState.set(state, { count: count + 1, oldestPlacedMs: Math.min(oldestPlacedMs, placedMs) });
      }
      return {
        unfinished: byState,
        needIntervention: projection.interventionCount(),
        tasksWaiting: outbox.waitingCount(),
        tasksDeadLettered: outbox.deadLetterCount(),
      };
    },
    events: async (orderId) => {
      const stored = events.entries([orderId]).map(({ value }) => value);
      const key = userKeys.get([projection.row(orderId)?.purchase.userId ?? '']);
      return stored.map((event) => openEvent(event, key));
    },
    projectionLag: async () => projection.lag(),
    ...orderOperations({ database, events, projection, outbox, storeEvents, userKeys, open }),
  };
}
