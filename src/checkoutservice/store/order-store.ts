import type { OrderStateName } from '../../order-state.ts';
import type { Operator, Order, OrderEvent, Purchase } from '../order/order.ts';

/** The kinds of tasks in the outbox. */
export const TASK_KINDS = ['send-confirmation', 'send-cancellation', 'empty-cart', 'erase-mails'] as const;

/** A task that is processed after an event of an order, at least once. */
export type OutboxTask = {
  readonly taskId: string;
  readonly orderId: string;
  readonly kind: (typeof TASK_KINDS)[number];
  /** The number of attempts so far. */
  readonly tries: number;
  /** The trace of the request that created the task, as a W3C traceparent. */
  readonly traceparent?: string | undefined;
};

export type NewTask = Pick<OutboxTask, 'kind' | 'traceparent'>;

/** The unfinished work of a store. */
export type Backlog = {
  /** Unfinished orders by state: count, and when the oldest was placed. */
  readonly unfinished: ReadonlyMap<OrderStateName, { readonly count: number; readonly oldestPlacedMs: number }>;
  /** Orders that need manual intervention. */
  readonly needIntervention: number;
  /** Tasks that are due now or later. */
  readonly tasksWaiting: number;
  readonly tasksDeadLettered: number;
};

/**
 * Duration of a lease after the claim, the last event or the last renewal, in milliseconds, unless the configuration says
 * otherwise. A process renews the leases of the orders it works on, so a lease expires only when the process has crashed.
 */
export const LEASE_MS = 10_000;

/**
 * Stores orders as events, together with their outbox tasks. An event, its tasks and the row of the order are stored in
 * one atomic step. The rows are a projection: `evolve`, applied to the events. Reads use the rows. Each order has at
 * most one claimer at a time.
 */
export type OrderStore = {
  /**
   * Creates an order and claims it for the caller, unless this user has an order with the same key, or an order of the
   * same version of the cart that was not rejected: then returns that order and maps this key to it. A key that its order
   * frees (see `freesKey`) counts as unused.
   */
  readonly create: (
    purchase: Purchase,
    timeMs: number,
  ) => Promise<{ readonly order: Order; readonly created: boolean }>;
  /**
   * Appends an event and its tasks to an order if the order still has the caller's version, and renews the lease.
   *
   * @throws {DomainError} ORDER_CHANGED when another writer changed the order
   */
  readonly append: (order: Order, event: OrderEvent, tasks: readonly NewTask[]) => Promise<Order>;
  /** Claims an order and returns it; `undefined` while another claimer holds the lease. */
  readonly claim: (orderId: string, nowMs: number) => Promise<Order | undefined>;
  /** Extends the lease of an order, if this store holds it. Never claims an order. */
  readonly renew: (orderId: string, nowMs: number) => Promise<void>;
  /** Ends the lease of an order, if this store holds it. */
  readonly release: (orderId: string) => Promise<void>;
  readonly get: (orderId: string) => Promise<Order | undefined>;
  /** Returns `undefined` also for an order that frees its key: see `freesKey`. */
  readonly findByKey: (userId: string, idempotencyKey: string) => Promise<Order | undefined>;
  /**
   * Returns a user's orders, newest first, starting after `afterOrderId`, or with the newest when it is `undefined`. Returns
   * `undefined` when this user has no order `afterOrderId`.
   */
  readonly list: (
    userId: string,
    page: { limit: number; afterOrderId: string | undefined },
  ) => Promise<readonly Order[] | undefined>;
  /** Unfinished orders that are not claimed and do not need manual intervention, at most `limit`. */
  readonly unfinished: (nowMs: number, limit: number) => Promise<readonly Order[]>;
  /**
   * Returns the first due tasks, at most `limit`, and claims them: they are due again when the duration of a lease has
   * passed and the task is neither done nor failed.
   */
  readonly claimDueTasks: (nowMs: number, limit: number) => Promise<readonly OutboxTask[]>;
  readonly taskDone: (taskId: string) => Promise<void>;
  /** Counts a failed attempt and postpones the task. */
  readonly taskFailed: (taskId: string, retryAtMs: number) => Promise<void>;
  /** Dead-letters a task: it is kept and not retried. */
  readonly taskDeadLettered: (taskId: string) => Promise<void>;
  readonly backlog: () => Promise<Backlog>;
  /** The events of an order, oldest first; empty for an unknown order. */
  readonly events: (orderId: string) => Promise<readonly OrderEvent[]>;
  /** Number of stored events that the rows do not include yet. Always 0 when every writer updates the rows. */
  readonly projectionLag: () => Promise<number>;
};

/** What operators do with a store, also while the shop runs on it. */
export type OrderOperations = {
  /** The orders of all users, newest first. */
  readonly newest: (limit: number) => Promise<readonly Order[]>;
  /** The tasks that are dead-lettered. */
  readonly deadLetters: () => Promise<readonly OutboxTask[]>;
  /**
   * Makes a dead-lettered task due now, with no attempts, and appends `task-replayed` to its order. Returns `undefined` when
   * no task with this id is dead-lettered.
   */
  readonly replay: (taskId: string, operator: Operator, timeMs: number) => Promise<OutboxTask | undefined>;
  /**
   * Computes all rows again from the events: the result is identical to the rows that `create` and `append` wrote.
   * Returns the number of orders. The transaction that completes the rebuild stores `rows-rebuilt`.
   */
  readonly rebuild: (operator: Operator, timeMs: number) => Promise<number>;
  /** What operators did to the whole store, oldest first. */
  readonly storeEvents: () => Promise<readonly StoreEvent[]>;
  /**
   * Makes the e-mail address and the shipping address of a user unreadable in events and rows, and appends
   * `personal-data-erased` and a task `erase-mails` to each order. Amounts, lines, states and the user id stay.
   */
  readonly erase: (userId: string, operator: Operator, timeMs: number) => Promise<Erasure>;
};

/** An action of an operator that belongs to no single order. */
export type StoreEvent = Operator & {
  readonly type: 'rows-rebuilt';
  /** Number of the orders whose rows were computed again. */
  readonly orders: number;
  readonly timeMs: number;
};

export type Erasure =
  /** The orders that were erased now; empty when all were erased before. */
  | { readonly kind: 'erased'; readonly orderIds: readonly string[] }
  /** Nothing was changed: these orders are not in a final state, and still need the address. */
  | { readonly kind: 'unfinished'; readonly orderIds: readonly string[] }
  | { readonly kind: 'unknown-user' };
