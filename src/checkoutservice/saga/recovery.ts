import { ROOT_CONTEXT, type Tracer } from '@opentelemetry/api';
import { appAttribute } from '../../domain/attributes.ts';
import { beginCall } from '../../lib/grpc/call-context.ts';
import { isUnimplemented } from '../../lib/grpc/fallback.ts';
import { PeerError } from '../../lib/grpc/peer-error.ts';
import { attribute } from '../../lib/telemetry/attributes.ts';
import { inSpan } from '../../lib/telemetry/in-span.ts';
import { continuedTrace, linkTo } from '../../lib/telemetry/propagation.ts';
import type { CheckoutEvents } from '../events.ts';
import { nextStep, type Order } from '../order/order.ts';
import type { CartClient } from '../peers/cart-client.ts';
import type { EmailClient } from '../peers/email-client.ts';
import { outboxSpan, recoverySpan, releaseSpan } from '../spans.ts';
import type { OrderStore, OutboxTask } from '../store/order-store.ts';
import { coalesced } from './coalesced.ts';
import type { Driver } from './driver.ts';

/** A task is dead-lettered after this many attempts. */
export const MAX_TASK_TRIES = 10;

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** How long one try of a task may take, in milliseconds. */
export const TASK_BUDGET_MS = 8000;
// A peer that hangs must not make every order and every mail wait for the one before it.
const AT_ONCE = 16;

/** What finishing the unfinished needs. */
export type RecoveryDeps = {
  readonly store: OrderStore;
  readonly driver: Driver;
  readonly cart: Pick<CartClient, 'emptyCart'>;
  readonly email: EmailClient;
  readonly events: CheckoutEvents;
  readonly now: () => number;
  readonly newId: () => string;
  readonly tracer: Tracer;
};

/** What finishes what is unfinished. */
export type Recovery = {
  /** Drives on each order that nobody drives, and does the work in the outbox, of the moment it is called or later. */
  readonly sweep: () => Promise<void>;
  /** Sweeps without sparing what failed just now, and reports the orders that are still not at their end. */
  readonly lastSweep: () => Promise<void>;
};

/**
 * Makes the recovery. What fails is tried again, after a longer pause each time; an order for ever, a task ten times.
 * A task continues the trace of the click it follows from; an order that is driven on has a trace of its own,
 * with a link to that of the click.
 */
export function recovery(deps: RecoveryDeps): Recovery {
  const { store, now } = deps;
  const pauses = new Map<string, { tries: number; untilMs: number }>();

  const driveOn = async (order: Order): Promise<void> => {
    const { orderId } = order.purchase;
    const left = await inSpan(
      deps.tracer,
      { name: 'recover order', kind: recoverySpan.kind, ...traceOf(order) },
      async (span) => {
        const driven = await deps.driver.drive(order, { kind: 'resumed', requestId: deps.newId() });
        span.setAttribute(appAttribute.orderState, driven.state);
        return driven;
      },
    );
    const tries = (pauses.get(orderId)?.tries ?? 0) + 1;
    if (nextStep(left) === undefined) pauses.delete(orderId);
    else pauses.set(orderId, { tries, untilMs: now() + pauseMs(tries) });
  };

  const leave = async (order: Order): Promise<void> => {
    await inSpan(deps.tracer, { name: 'release order', kind: releaseSpan.kind, ...traceOf(order) }, async (span) => {
      span.setAttribute(appAttribute.orderState, order.state);
      deps.events.orderLeft(order);
    });
  };

  const sweepOrders = coalesced(async () => {
    const unfinished = await store.unfinished(now());
    const ids = new Set(unfinished.map(({ purchase }) => purchase.orderId));
    for (const orderId of pauses.keys()) if (!ids.has(orderId)) pauses.delete(orderId);
    const due = unfinished.filter(({ purchase }) => (pauses.get(purchase.orderId)?.untilMs ?? 0) <= now());
    await forEach(due, driveOn);
  });

  const sweepTasks = coalesced(async () => {
    await forEach(await store.dueTasks(now()), (task) => workOff(deps, task));
  });

  const sweep = async (): Promise<void> => {
    await Promise.all([sweepOrders(), sweepTasks()]);
  };

  return {
    sweep,
    lastSweep: async () => {
      pauses.clear();
      // Orders first: what follows from them is then work for the second.
      await sweepOrders();
      await sweepTasks();
      for (const order of await store.unfinished(now())) await leave(order);
    },
  };
}

async function workOff(deps: RecoveryDeps, task: OutboxTask): Promise<void> {
  const { store, events } = deps;
  const tried = { ...task, tries: task.tries + 1 };
  const isLast = (error: unknown): boolean => tried.tries >= MAX_TASK_TRIES || isHopeless(error);
  try {
    await inSpan(deps.tracer, spanOf(task), async () => {
      try {
        await perform(deps, task);
        await store.taskDone(task.taskId);
      } catch (error) {
        // Told here, and not below: the line leads to the span, which is to have the event.
        if (isLast(error)) events.taskSetAside(tried, error);
        else events.taskFailed(tried, error);
        throw error;
      }
    });
  } catch (error) {
    if (isLast(error)) await store.taskDead(task.taskId);
    else await store.taskFailed(task.taskId, deps.now() + pauseMs(tried.tries));
  }
}

// A peer that refuses, or does not know the RPC, will do so again.
function isHopeless(error: unknown): boolean {
  return isUnimplemented(error) || (error instanceof PeerError && !error.isOutage);
}

// A trace of its own, with a link to that of the click.
function traceOf({ purchase: { orderId, traceparent } }: Order) {
  return { attributes: { [appAttribute.orderId]: orderId }, parent: ROOT_CONTEXT, links: linkTo(traceparent) };
}

function spanOf(task: OutboxTask) {
  const attributes = {
    [attribute.messagingSystem]: 'outbox',
    [attribute.messagingDestination]: 'outbox',
    [attribute.messagingOperation]: task.kind,
    [attribute.messagingOperationType]: 'process',
    [appAttribute.orderId]: task.orderId,
    [appAttribute.taskTries]: task.tries,
  };
  const parent = continuedTrace(task.traceparent);
  return { name: `${task.kind} outbox`, kind: outboxSpan.kind, attributes, parent };
}

async function perform(deps: RecoveryDeps, task: OutboxTask): Promise<void> {
  const order = await deps.store.get(task.orderId);
  if (order === undefined) return;
  using call = beginCall({ budgetMs: TASK_BUDGET_MS, requestId: deps.newId() });
  switch (task.kind) {
    case 'send-confirmation':
      return await deps.email.sendConfirmation(order, call);
    case 'send-cancellation':
      return await deps.email.sendCancellation(order, call);
    case 'empty-cart':
      return await deps.cart.emptyCart(order.purchase.userId, order.purchase.cartVersion, call);
  }
}

function pauseMs(tries: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
}

// Some at once, and all of them, also when one fails; then rejects with the first failure.
async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item).catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failures.length > 0) throw failures[0];
}
