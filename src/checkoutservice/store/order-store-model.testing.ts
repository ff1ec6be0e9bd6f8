import { evolve, freesKey, nextStep, type Order, type OrderEvent, placedOrder } from '../order/order.ts';
import { purchaseOf } from './order-store.contract.ts';
import { LEASE_MS, type OutboxTask } from './order-store.ts';

type Lease = { readonly owner: string; readonly untilMs: number };
type Task = { readonly tries: number; readonly dueAtMs: number };

/** What an order store should contain, as plain values. Tasks are named `<order id> <kind>`. */
export type Model = {
  readonly nowMs: number;
  /** In the order of their creation. */
  readonly orders: readonly Order[];
  readonly idsByKey: Readonly<Record<string, string>>;
  readonly leases: Readonly<Record<string, Lease>>;
  readonly tasks: Readonly<Record<string, Task>>;
  readonly deadLetters: readonly string[];
};

/** What a replica of checkoutservice does with the store. `owner` is the replica since its last start. */
export type Action = { readonly owner: string } & (
  | {
      readonly type: 'create';
      readonly orderId: string;
      readonly userId: string;
      readonly key: string;
      readonly cart: string | undefined;
    }
  | {
      readonly type: 'append';
      readonly orderId: string;
      readonly version: number;
      readonly event: OrderEvent;
      readonly task: OutboxTask['kind'] | undefined;
    }
  | { readonly type: 'claim' | 'renew' | 'release'; readonly orderId: string }
  | { readonly type: 'claimDueTasks' }
  | { readonly type: 'taskDone' | 'taskFailed' | 'taskDeadLettered'; readonly task: string }
);

/** What the store returned, as plain values; `ORDER_CHANGED` for an append that was refused. */
export type Outcome = unknown;

export const RETRY_PAUSE_MS = 5;

export const emptyModel = (nowMs: number): Model => ({
  nowMs,
  orders: [],
  idsByKey: {},
  leases: {},
  tasks: {},
  deadLetters: [],
});

export const orderIn = (model: Model, orderId: string): Order | undefined =>
  model.orders.find(({ purchase }) => purchase.orderId === orderId);

export const isLeased = ({ leases, nowMs }: Model, orderId: string): boolean => (leases[orderId]?.untilMs ?? 0) > nowMs;

export const isUnfinished = (order: Order): boolean => nextStep(order) !== undefined;

/** The order of a key, unless it frees the key. */
export function orderOfKey(model: Model, userId: string, key: string): Order | undefined {
  const order = orderIn(model, model.idsByKey[`${userId} ${key}`] ?? '');
  return order === undefined || freesKey(order) ? undefined : order;
}

/** The model after an action, and what the store should return. */
export function act(model: Model, action: Action): readonly [Model, Outcome] {
  switch (action.type) {
    case 'create':
      return create(model, action);
    case 'append':
      return append(model, action);
    case 'claim': {
      const order = orderIn(model, action.orderId);
      if (order === undefined || isLeased(model, action.orderId)) return [model, undefined];
      return [leased(model, action.orderId, action.owner), order];
    }
    case 'renew':
      return [isHeld(model, action) ? leased(model, action.orderId, action.owner) : model, undefined];
    case 'release':
      return [isHeld(model, action) ? { ...model, leases: without(model.leases, action.orderId) } : model, undefined];
    case 'claimDueTasks':
      return claimDueTasks(model);
    case 'taskDone':
      return [{ ...model, tasks: without(model.tasks, action.task) }, undefined];
    case 'taskFailed':
      return [taskFailed(model, action.task), undefined];
    case 'taskDeadLettered': {
      if (model.tasks[action.task] === undefined) return [model, undefined];
      const deadLetters = [...model.deadLetters, action.task];
      return [{ ...model, tasks: without(model.tasks, action.task), deadLetters }, undefined];
    }
  }
}

type Of<T extends Action['type']> = Extract<Action, { type: T }>;

function create(model: Model, { owner, orderId, userId, key, cart }: Of<'create'>): readonly [Model, Outcome] {
  const sameKey = orderOfKey(model, userId, key);
  if (sameKey !== undefined) return [model, { order: sameKey, created: false }];
  const isSameCart = ({ purchase, state }: Order): boolean =>
    cart !== undefined && purchase.userId === userId && purchase.cartVersion === cart && state !== 'REJECTED';
  const sameCart = model.orders.find(isSameCart);
  const purchase = purchaseOf({ orderId, userId, idempotencyKey: key, cartVersion: cart });
  const order = sameCart ?? placedOrder(purchase, model.nowMs);
  const idsByKey = { ...model.idsByKey, [`${userId} ${key}`]: order.purchase.orderId };
  if (sameCart !== undefined)
    return [
      { ...model, idsByKey },
      { order, created: false },
    ];
  const stored = { ...model, idsByKey, orders: [...model.orders, order] };
  return [leased(stored, orderId, owner), { order, created: true }];
}

function append(model: Model, action: Of<'append'>): readonly [Model, Outcome] {
  const { owner, orderId, version, event, task } = action;
  const order = orderIn(model, orderId);
  if (order?.version !== version) return [model, 'ORDER_CHANGED'];
  const next = evolve(order, event);
  const orders = model.orders.map((each) => (each === order ? next : each));
  const newTask = task === undefined ? {} : { [`${orderId} ${task}`]: { tries: 0, dueAtMs: event.timeMs } };
  const stored = { ...model, orders, tasks: { ...model.tasks, ...newTask } };
  return [isHeld(model, action) ? leased(stored, orderId, owner) : stored, next];
}

function claimDueTasks(model: Model): readonly [Model, Outcome] {
  const due = Object.entries(model.tasks).filter(([, { dueAtMs }]) => dueAtMs <= model.nowMs);
  const claimed = due.map(([name, { tries }]) => [name, { tries, dueAtMs: model.nowMs + LEASE_MS }] as const);
  const outcome = due.map(([name, { tries }]) => `${name} ${tries}`).sort();
  return [{ ...model, tasks: { ...model.tasks, ...Object.fromEntries(claimed) } }, outcome];
}

function taskFailed(model: Model, name: string): Model {
  const task = model.tasks[name];
  if (task === undefined) return model;
  const failed = { tries: task.tries + 1, dueAtMs: model.nowMs + RETRY_PAUSE_MS };
  return { ...model, tasks: { ...model.tasks, [name]: failed } };
}

const isHeld = ({ leases }: Model, { orderId, owner }: { orderId: string; owner: string }): boolean =>
  leases[orderId]?.owner === owner;

const leased = (model: Model, orderId: string, owner: string): Model => ({
  ...model,
  leases: { ...model.leases, [orderId]: { owner, untilMs: model.nowMs + LEASE_MS } },
});

function without<V>(record: Readonly<Record<string, V>>, name: string): Readonly<Record<string, V>> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}
