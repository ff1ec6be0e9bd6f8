import { knownCurrencyCodes } from '../domain/currency-codes.ts';
import { toDecimal } from '../domain/money.ts';
import type { Metrics } from '../lib/metrics/metrics.ts';
import type { Runtime } from '../lib/runtime/runtime.ts';
import { eventReporter } from '../lib/telemetry/report-event.ts';
import { orderRejections } from '../reasons.ts';
import type { Compensation, Order, OrderEvent } from './order/order.ts';
import { type OutboxTask, TASK_KINDS } from './store/order-store.ts';

/** What happens in the checkout service that the business, or somebody on call, wants to know of. */
export type CheckoutEvents = {
  readonly orderPlaced: (order: Order) => void;
  readonly orderMoved: (order: Order, event: OrderEvent) => void;
  /** A step's call was not answered: whether it was done is unknown. */
  readonly stepUnanswered: (order: Order, step: UnansweredStep, error: unknown) => void;
  /** An upstream refused a compensation, and would refuse a repeat: the order needs manual intervention. */
  readonly compensationRefused: (order: Order, compensation: Compensation, error: unknown) => void;
  /** An order could not be driven to its end; it is tried again. */
  readonly driveFailed: (order: Order, error: unknown) => void;
  /** A task failed; it is tried again. */
  readonly taskFailed: (task: OutboxTask, error: unknown) => void;
  /** A task failed too often; it is not tried again. */
  readonly taskSetAside: (task: OutboxTask, error: unknown) => void;
  /** The service ends, and this order is not at its end. */
  readonly orderLeft: (order: Order) => void;
};

const UNANSWERED_STEPS = ['charge', 'ship', 'empty-cart'] as const;

/** A step whose call may have been done although no answer came. */
export type UnansweredStep = (typeof UNANSWERED_STEPS)[number];

/** Reports the events of the checkout service: counted, logged, and on the span of the call. */
export function checkoutEvents({ log, metrics }: Pick<Runtime, 'log' | 'metrics'>): CheckoutEvents {
  const report = eventReporter(log);
  const count = checkoutCounters(metrics);
  return {
    orderPlaced: ({ purchase }) => {
      const { orderId, currency, total, lines } = purchase;
      count.placed.add({});
      report('info', 'order placed', { orderId, currency, total: toDecimal(total), lines: lines.length });
    },
    orderMoved: (order, event) => {
      const { purchase, state, reason } = order;
      const fields = { orderId: purchase.orderId, state, event: event.type, reason };
      if (event.type === 'intervention-needed') {
        report('error', 'order needs a person', { ...fields, reason: event.reason });
        return;
      }
      // No event follows the end of an order: each is counted once.
      if (state === 'REJECTED') count.ended.add({ outcome: reason });
      if (state === 'CONFIRMED') {
        count.ended.add({ outcome: 'confirmed' });
        // A metric is a float by nature. It is looked at, and never booked.
        count.confirmedAmount.add({ currency: purchase.currency }, Number(toDecimal(purchase.total)));
      }
      report('info', 'order moved', fields);
    },
    stepUnanswered: (order, step, error) => {
      count.unanswered.add({ step });
      report('warn', 'order step unanswered', { orderId: order.purchase.orderId, step, cause: messageOf(error) });
    },
    compensationRefused: (order, compensation, error) =>
      report('error', 'compensation refused', {
        orderId: order.purchase.orderId,
        step: compensation,
        cause: messageOf(error),
      }),
    driveFailed: (order, error) => {
      count.driveFailures.add({});
      report('error', 'order drive failed', { orderId: order.purchase.orderId, state: order.state, err: error });
    },
    taskFailed: ({ orderId, kind, tries }, error) => {
      count.tasks.add({ kind, outcome: 'failed' });
      report('warn', 'task failed', { orderId, task: kind, tries, cause: messageOf(error) });
    },
    taskSetAside: ({ orderId, kind, tries }, error) => {
      count.tasks.add({ kind, outcome: 'set-aside' });
      report('error', 'task set aside', { orderId, task: kind, tries, err: error });
    },
    orderLeft: ({ purchase: { orderId }, state, transactionId }) =>
      report('error', 'order left unfinished', { orderId, state, transactionId }),
  };
}

/** Why an order ends without goods. Permanent reasons: other services act on them. */
function checkoutCounters({ counter }: Metrics) {
  return {
    placed: counter({ name: 'mercato_orders_placed_total', help: 'Orders that were stored.', labels: {} }),
    ended: counter({
      name: 'mercato_orders_ended_total',
      help: 'Orders that came to their end: confirmed, or the reason of the rejection.',
      labels: { outcome: ['confirmed', ...orderRejections] },
    }),
    confirmedAmount: counter({
      name: 'mercato_orders_confirmed_amount_total',
      help: 'What was paid for confirmed orders, in units of its currency.',
      labels: { currency: knownCurrencyCodes() },
    }),
    unanswered: counter({
      name: 'mercato_order_steps_unanswered_total',
      help: 'Calls of a step that may have been done although no answer came.',
      labels: { step: UNANSWERED_STEPS },
    }),
    driveFailures: counter({
      name: 'mercato_order_drive_failures_total',
      help: 'Times an order could not be driven to its end; each is tried again.',
      labels: {},
    }),
    tasks: counter({
      name: 'mercato_outbox_task_failures_total',
      help: 'Tries of tasks in the outbox that failed: to be tried again, or set aside for good.',
      labels: { kind: TASK_KINDS, outcome: ['failed', 'set-aside'] },
    }),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
