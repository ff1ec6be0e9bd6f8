import { ROOT_CONTEXT } from '@opentelemetry/api';
import { appAttribute } from '../../domain/attributes.ts';
import { inSpan } from '../../lib/telemetry/in-span.ts';
import { linkTo } from '../../lib/telemetry/propagation.ts';
import { nextStep, type Order } from '../order/order.ts';
import { concurrencyLimit, MAX_CONCURRENT, settled } from '../outbox/concurrency.ts';
import { type OutboxDeps, processDueTasks } from '../outbox/outbox-worker.ts';
import { retryPauseMs } from '../outbox/retry-pause.ts';
import { recoverySpan, releaseSpan } from '../spans.ts';
import type { OrderStore } from '../store/order-store.ts';
import { coalesced } from './coalesced.ts';
import type { OrderRunner } from './order-runner.ts';

// Orders that a sweep reads at once. After a crash there may be thousands, and reading all of them delays other calls.
const BATCH_SIZE = 256;

export type RecoveryDeps = OutboxDeps & {
  readonly store: OrderStore;
  readonly runner: OrderRunner;
};

export type Recovery = {
  /** Resumes unclaimed unfinished orders and processes due outbox tasks. */
  readonly sweep: () => Promise<void>;
  /** Processes due outbox tasks only. */
  readonly sweepTasks: () => Promise<void>;
  /** Sweeps without the pauses between order retries, and reports the orders that are still unfinished. */
  readonly lastSweep: () => Promise<void>;
};

/**
 * Finishes the orders and tasks that a call or a process left unfinished. Retries with increasing pauses: an order without
 * limit, a task ten times. The span of a resumed order starts a new trace with a link to the trace of PlaceOrder.
 */
export function recovery(deps: RecoveryDeps): Recovery {
  const { store, now } = deps;
  const pauses = new Map<string, { tries: number; untilMs: number }>();

  const resume = async (order: Order): Promise<void> => {
    const { orderId } = order.purchase;
    const resumed = await inSpan(
      deps.tracer,
      { name: 'recover order', kind: recoverySpan.kind, ...traceOf(order) },
      async (span) => {
        const current = await deps.runner.run(order, { kind: 'resumed', requestId: deps.newId() });
        span.setAttribute(appAttribute.orderState, current.state);
        return current;
      },
    );
    const tries = (pauses.get(orderId)?.tries ?? 0) + 1;
    if (nextStep(resumed) === undefined) pauses.delete(orderId);
    else pauses.set(orderId, { tries, untilMs: now() + retryPauseMs(tries) });
  };

  const reportUnfinished = async (order: Order): Promise<void> => {
    await inSpan(deps.tracer, { name: 'release order', kind: releaseSpan.kind, ...traceOf(order) }, async (span) => {
      span.setAttribute(appAttribute.orderState, order.state);
      deps.events.orderUnfinished(order);
    });
  };

  // Sweeps overlap: an order whose step hangs must not delay the orders that become due meanwhile.
  const resuming = new Map<string, Promise<void>>();
  const limit = concurrencyLimit(MAX_CONCURRENT);

  /** Resumes the orders of one batch. Returns false when there may be more for this sweep. */
  const sweepBatch = async (): Promise<boolean> => {
    // Enough orders are waiting for their turn. Each further batch would read them again, with the orders after them.
    if (resuming.size >= BATCH_SIZE) return true;
    // Orders that are paused or resuming now do not take the place of others.
    const size = BATCH_SIZE + pauses.size + resuming.size;
    const unfinished = await store.unfinished(now(), size);
    const isComplete = unfinished.length < size;
    const ids = new Set(unfinished.map(({ purchase }) => purchase.orderId));
    for (const orderId of pauses.keys()) {
      if (isComplete && !ids.has(orderId) && !resuming.has(orderId)) pauses.delete(orderId);
    }
    const due = unfinished.filter(
      ({ purchase: { orderId } }) => !resuming.has(orderId) && (pauses.get(orderId)?.untilMs ?? 0) <= now(),
    );
    const started = due.map((order) => {
      const { orderId } = order.purchase;
      const resumed = limit(() => resume(order)).finally(() => resuming.delete(orderId));
      resuming.set(orderId, resumed);
      return resumed;
    });
    await settled(started);
    return isComplete || started.length === 0;
  };

  const sweepOrders = async (): Promise<void> => {
    while (!(await sweepBatch()));
  };

  const sweepTasks = coalesced(() => processDueTasks(deps));

  const sweep = async (): Promise<void> => {
    await Promise.all([sweepOrders(), sweepTasks()]);
  };

  return {
    sweep,
    sweepTasks,
    lastSweep: async () => {
      await Promise.allSettled(resuming.values());
      pauses.clear();
      // Orders first: their events may add tasks.
      await sweepOrders();
      await sweepTasks();
      for (const order of await store.unfinished(now(), BATCH_SIZE)) await reportUnfinished(order);
    },
  };
}

// Starts a new trace with a link to the trace of PlaceOrder.
function traceOf({ purchase: { orderId, traceparent } }: Order) {
  return { attributes: { [appAttribute.orderId]: orderId }, parent: ROOT_CONTEXT, links: linkTo(traceparent) };
}
