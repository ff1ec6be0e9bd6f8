import type { Order, OrderEvent, OrderState, Purchase } from '../order/order.ts';

/** The kinds of work that follow from an order. */
export const TASK_KINDS = ['send-confirmation', 'send-cancellation', 'empty-cart'] as const;

/** Work that follows from an order and is done after it, at least once. */
export type OutboxTask = {
  readonly taskId: string;
  readonly orderId: string;
  readonly kind: (typeof TASK_KINDS)[number];
  /** How often it was tried. */
  readonly tries: number;
  /** The trace of the click it follows from, as a W3C traceparent. */
  readonly traceparent?: string | undefined;
};

/** Work that is to be done after an order. */
export type NewTask = Pick<OutboxTask, 'kind' | 'traceparent'>;

/** What a store holds that is not at its end. */
export type Backlog = {
  /** Orders that are to be driven on, claimed or not, by how they stand: how many, and when the oldest was placed. */
  readonly unfinished: ReadonlyMap<OrderState, { readonly count: number; readonly oldestPlacedMs: number }>;
  /** Orders that only a person can bring further. */
  readonly needIntervention: number;
  /** Tasks that are due or put off. */
  readonly tasksWaiting: number;
  readonly tasksDeadLettered: number;
};

/**
 * An order that was claimed is its claimer's for this long after the claim or the last event, in milliseconds: longer
 * than any step takes, so that it runs out only when the claimer is gone.
 */
export const LEASE_MS = 30_000;

/**
 * Keeps orders as events, together with the work that follows from them. A change and its work are one atomic step: no
 * order moves without its mail, and no mail goes out for an order that did not move. Each order is driven by one claimer
 * at a time.
 */
export type OrderStore = {
  /**
   * Creates an order and claims it for the caller, unless this user has one with the same key, or one of the same version
   * of the cart that was not rejected: then returns that one, from now on for this key too. The key of an order that frees
   * it counts as unused.
   *
   * @throws {DomainError} ORDERS_FULL when no order can be forgotten to make room
   */
  readonly create: (
    purchase: Purchase,
    timeMs: number,
  ) => Promise<{ readonly order: Order; readonly created: boolean }>;
  /**
   * Adds an event to an order that still is as the caller knows it, and the work that follows from it. The caller's claim
   * is prolonged.
   *
   * @throws {DomainError} ORDER_CHANGED when somebody else added one before
   */
  readonly append: (order: Order, event: OrderEvent, work: readonly NewTask[]) => Promise<Order>;
  /** Claims an order and answers it as it is now; `undefined` while somebody else has it. */
  readonly claim: (orderId: string, nowMs: number) => Promise<Order | undefined>;
  /** Gives a claimed order back before its lease runs out. */
  readonly release: (orderId: string) => Promise<void>;
  readonly get: (orderId: string) => Promise<Order | undefined>;
  /** Returns `undefined` also for an order that frees its key: see `freesKey`. */
  readonly findByKey: (userId: string, idempotencyKey: string) => Promise<Order | undefined>;
  /**
   * A user's orders, newest first, from the one after `afterOrderId` on; from the newest when that is absent. Answers
   * `undefined` when this user has no such order.
   */
  readonly list: (
    userId: string,
    page: { limit: number; afterOrderId: string | undefined },
  ) => Promise<readonly Order[] | undefined>;
  /** Orders that are not at their end, need no person, and are claimed by nobody. */
  readonly unfinished: (nowMs: number) => Promise<readonly Order[]>;
  /** Work whose time has come. */
  readonly dueTasks: (nowMs: number) => Promise<readonly OutboxTask[]>;
  readonly taskDone: (taskId: string) => Promise<void>;
  /** Puts a task that failed off; it counts as one more try. */
  readonly taskFailed: (taskId: string, retryAtMs: number) => Promise<void>;
  /** Sets a task aside that failed too often: it is kept, and not tried again by itself. */
  readonly taskDead: (taskId: string) => Promise<void>;
  /** Counts what is not at its end. */
  readonly backlog: () => Promise<Backlog>;
};
