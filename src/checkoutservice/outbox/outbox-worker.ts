import type { Tracer } from '@opentelemetry/api';
import { appAttribute } from '../../domain/attributes.ts';
import { beginCall } from '../../lib/grpc/call-context.ts';
import { isUnimplemented } from '../../lib/grpc/fallback.ts';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';
import { attribute } from '../../lib/telemetry/attributes.ts';
import { inSpan } from '../../lib/telemetry/in-span.ts';
import { continuedTrace } from '../../lib/telemetry/propagation.ts';
import type { CheckoutEvents } from '../events.ts';
import { outboxSpan } from '../spans.ts';
import type { OrderStore, OutboxTask } from '../store/order-store.ts';
import type { CartClient } from '../upstreams/cart-client.ts';
import type { EmailClient } from '../upstreams/email-client.ts';
import { MAX_CONCURRENT, settled } from './concurrency.ts';
import { retryPauseMs } from './retry-pause.ts';

/** A task is dead-lettered after this many attempts. */
export const MAX_TASK_TRIES = 10;
// As many as are processed at once, so that every attempt begins when its claim does, and ends before the claim expires.
const CLAIM_SIZE = MAX_CONCURRENT;
/** Milliseconds that one attempt of a task may take. Shorter than a claim unless `ORDER_LEASE_MS` is shortened. */
export const TASK_BUDGET_MS = 8000;

export type OutboxDeps = {
  readonly store: Pick<OrderStore, 'claimDueTasks' | 'get' | 'taskDeadLettered' | 'taskDone' | 'taskFailed'>;
  readonly cart: Pick<CartClient, 'emptyCart'>;
  readonly email: EmailClient;
  readonly events: CheckoutEvents;
  readonly now: () => number;
  readonly newId: () => string;
  readonly tracer: Tracer;
};

/**
 * Processes the due tasks of the outbox. A failed task is retried with increasing pauses, and dead-lettered after ten
 * attempts. The span of a task continues the trace of the request that created the task.
 */
export async function processDueTasks(deps: OutboxDeps): Promise<void> {
  for (;;) {
    const claimed = await deps.store.claimDueTasks(deps.now(), CLAIM_SIZE);
    if (claimed.length === 0) return;
    await settled(claimed.map((task) => processTask(deps, task)));
  }
}

async function processTask(deps: OutboxDeps, task: OutboxTask): Promise<void> {
  const { store, events } = deps;
  const tried = { ...task, tries: task.tries + 1 };
  const isLast = (error: unknown): boolean => tried.tries >= MAX_TASK_TRIES || isFinal(error);
  try {
    await inSpan(deps.tracer, spanOf(task), async () => {
      try {
        await perform(deps, task);
        await store.taskDone(task.taskId);
      } catch (error) {
        // Reported inside the span, so that the span has the event.
        if (isLast(error)) events.taskDeadLettered(tried, error);
        else events.taskFailed(tried, error);
        throw error;
      }
    });
  } catch (error) {
    if (isLast(error)) await store.taskDeadLettered(task.taskId);
    else await store.taskFailed(task.taskId, deps.now() + retryPauseMs(tried.tries));
  }
}

// A retry would fail in the same way.
function isFinal(error: unknown): boolean {
  return isUnimplemented(error) || (error instanceof UpstreamError && !error.isOutage);
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

async function perform(deps: OutboxDeps, task: OutboxTask): Promise<void> {
  const order = await deps.store.get(task.orderId);
  if (order === undefined) return;
  using call = beginCall({ budgetMs: TASK_BUDGET_MS, requestId: deps.newId() });
  switch (task.kind) {
    case 'send-confirmation':
      if (order.isErased !== true) await deps.email.sendConfirmation(order, call);
      return;
    case 'send-cancellation':
      if (order.isErased !== true) await deps.email.sendCancellation(order, call);
      return;
    case 'erase-mails':
      return await deps.email.eraseMails(order, call);
    case 'empty-cart':
      return await deps.cart.emptyCart(order.purchase.userId, order.purchase.cartVersion, call);
  }
}
