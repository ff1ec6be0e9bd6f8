import fc from 'fast-check';
import type { Order, OrderEvent } from '../order/order.ts';
import { LEASE_MS, TASK_KINDS } from './order-store.ts';
import { type Action, type Model, RETRY_PAUSE_MS } from './order-store-model.testing.ts';

export const USERS = ['ann', 'bob'];
export const KEYS = ['key-1', 'key-2', 'key-3'];

/** An index of an order or of a task, modulo their number. */
const index = fc.nat({ max: 3 });

const creation = fc.record({
  type: fc.constant('create' as const),
  userId: fc.constantFrom(...USERS),
  key: fc.constantFrom(...KEYS),
  cart: fc.constantFrom(undefined, 'cart-1', 'cart-2'),
});
const addition = fc.record({
  type: fc.constant('append' as const),
  order: index,
  isFailure: fc.boolean(),
  isStale: fc.constantFrom(false, false, false, false, true),
  task: fc.constantFrom(...TASK_KINDS, undefined),
});
const leaseChange = fc.record({ type: fc.constantFrom('claim', 'renew', 'release'), order: index });
const taskClaim = fc.record({ type: fc.constant('claimDueTasks' as const) });
const taskEnd = fc.record({ type: fc.constantFrom('taskDone', 'taskFailed', 'taskDeadLettered'), task: index });

const anyCommand = fc.oneof(creation, addition, addition, leaseChange, taskClaim, taskClaim, taskEnd, taskEnd);
/** A random action: an index instead of an order or a task. */
export type Command = typeof anyCommand extends fc.Arbitrary<infer W> ? W : never;

/** The calls of two replicas at the same time: of one, of both, or the same of both. */
const callsAtOnce = fc.oneof(
  fc.tuple(anyCommand, fc.constant(undefined)),
  fc.tuple(fc.constant(undefined), anyCommand),
  fc.tuple(anyCommand, anyCommand),
  anyCommand.map((same) => [same, same] as [Command, Command]),
);

/** Calls of the replicas, a replica that starts again, or time that passes. */
export const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant('call' as const), commands: callsAtOnce }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('crash' as const), replica: fc.constantFrom(0 as const, 1 as const) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('pass' as const),
      ms: fc.constantFrom(RETRY_PAUSE_MS, LEASE_MS / 2, LEASE_MS),
    }),
  },
);
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** The ids that the store gave to tasks, by the names of the model. An order has one task of a kind, so that each has a name. */
export function taskNames() {
  const ids = new Map<string, string | undefined>();
  return {
    /** False when the name was reserved before. */
    reserve: (name: string): boolean => {
      const isNew = !ids.has(name);
      if (isNew) ids.set(name, undefined);
      return isNew;
    },
    learn: (name: string, taskId: string): void => void ids.set(name, taskId),
    idOf: (name: string): string => ids.get(name) ?? '',
    known: (): string[] => [...ids].filter(([, id]) => id !== undefined).map(([name]) => name),
  };
}
export type TaskNames = ReturnType<typeof taskNames>;

const nth = <T>(all: readonly T[], position: number): T | undefined => all[position % Math.max(1, all.length)];

/** The action that results from a command; `undefined` when there is no order or task for it. */
export function actionOf(
  command: Command,
  context: {
    readonly owner: string;
    readonly model: Model;
    readonly names: TaskNames;
    readonly newOrderId: () => string;
  },
): Action | undefined {
  const { owner, model, names, newOrderId } = context;
  if (command.type === 'create') return { ...command, type: 'create', owner, orderId: newOrderId() } as Action;
  if (command.type === 'claimDueTasks') return { type: command.type, owner };
  if ('isStale' in command) return appendOf(command, owner, nth(model.orders, command.order), model.nowMs, names);
  if ('order' in command) {
    const orderId = nth(model.orders, command.order)?.purchase.orderId ?? 'no such order';
    return { type: command.type, owner, orderId } as Action;
  }
  const task = 'task' in command ? nth(names.known(), command.task) : undefined;
  return task === undefined ? undefined : ({ type: command.type, owner, task } as Action);
}

function appendOf(
  { isFailure, isStale, task }: Extract<Command, { isStale: boolean }>,
  owner: string,
  order: Order | undefined,
  timeMs: number,
  names: TaskNames,
): Action | undefined {
  const event = order && nextEvent(order, isFailure, timeMs);
  if (order === undefined || event === undefined) return undefined;
  const { orderId } = order.purchase;
  const isNamed = task !== undefined && !isStale && names.reserve(`${orderId} ${task}`);
  const version = order.version - Number(isStale);
  return { type: 'append', owner, orderId, version, event, task: isNamed ? task : undefined };
}

/** The next event of an order on the way to success or to failure; `undefined` when there is none. */
function nextEvent({ state, open }: Order, isFailure: boolean, timeMs: number): OrderEvent | undefined {
  if (state === 'PLACED') {
    return isFailure
      ? { type: 'rejected', reason: 'PAYMENT_UNREACHABLE', timeMs }
      : { type: 'charged', transactionId: 'tx', timeMs };
  }
  if (state === 'PAID') {
    return isFailure
      ? { type: 'refund-started', reason: 'SHIPPING_REFUSED', timeMs }
      : { type: 'shipped', trackingId: 'track', timeMs };
  }
  if (state === 'SHIPPED') return { type: 'confirmed', timeMs };
  if (open.refund) return { type: 'refunded', refundId: 'refund', timeMs };
  return open.shipment ? { type: 'shipment-cancelled', timeMs } : undefined;
}
