import { appAttribute } from '../domain/attributes.ts';
import { knownCurrencyCodes } from '../domain/currency-codes.ts';
import { toDecimal } from '../domain/money.ts';
import { logOnly } from '../lib/log/log-line.ts';
import type { Runtime } from '../lib/runtime/runtime.ts';
import { attribute } from '../lib/telemetry/attributes.ts';
import { attr, businessEvent, counted, countedOnly, counterSpec } from '../lib/telemetry/business-event.ts';
import { eventReporter } from '../lib/telemetry/event-reporter.ts';
import type { OrderStateName } from '../order-state.ts';
import { orderRejections } from '../reasons.ts';
import type { Compensation, Order, OrderEvent } from './order/order.ts';
import { type OutboxTask, TASK_KINDS } from './store/order-store.ts';

const AMBIGUOUS_STEPS = ['charge', 'ship', 'empty-cart'] as const;

/** A step that may have been executed although its call returned no result. */
export type AmbiguousStep = (typeof AMBIGUOUS_STEPS)[number];

const placed = counterSpec({ name: 'mercato_orders_placed_total', help: 'Orders that were stored.', labels: {} });

const ended = counterSpec({
  name: 'mercato_orders_ended_total',
  help: 'Orders that reached a final state: `confirmed`, or the reason of the rejection.',
  labels: { outcome: ['confirmed', ...orderRejections] },
});

const confirmedAmount = counterSpec({
  name: 'mercato_orders_confirmed_amount_total',
  help: 'Totals of confirmed orders, in units of the currency.',
  labels: { currency: knownCurrencyCodes() },
});

const ambiguousSteps = counterSpec({
  name: 'mercato_order_steps_ambiguous_total',
  help: 'Steps of the saga that may have been executed although their call returned no result.',
  labels: { step: AMBIGUOUS_STEPS },
});

const processingFailures = counterSpec({
  name: 'mercato_order_processing_failures_total',
  help: 'Failed attempts to finish an order; each is followed by another attempt.',
  labels: {},
});

const taskFailures = counterSpec({
  name: 'mercato_outbox_task_failures_total',
  help: 'Failed attempts of outbox tasks: `failed` is retried, `dead-lettered` is not.',
  labels: { kind: TASK_KINDS, outcome: ['failed', 'dead-lettered'] },
});

const orderId = attr(appAttribute.orderId);
// Not `state`: the logger redacts that name, because a postal address has one.
const orderState = attr<OrderStateName>(appAttribute.orderState);

const stateChangeFields = {
  orderId,
  orderState,
  event: attr<OrderEvent['type']>(appAttribute.orderEvent),
  reason: attr<string | undefined>(attribute.errorReason),
};

const taskFields = {
  orderId,
  task: attr<OutboxTask['kind']>(appAttribute.taskKind),
  tries: attr<number>(appAttribute.taskTries),
};

/** The business events of the checkout service. */
export const events = {
  orderPlaced: businessEvent({
    message: 'order placed',
    level: 'info',
    when: 'An order was stored. Nothing is charged yet.',
    fields: {
      orderId,
      currency: attr(appAttribute.currency),
      total: logOnly<string>(),
      lines: attr<number>(appAttribute.orderLines),
    },
    counters: [counted(placed, {})],
  }),
  orderStateChanged: businessEvent({
    message: 'order state changed',
    level: 'info',
    when: 'An event of an order was stored and the order is not in a final state.',
    fields: stateChangeFields,
  }),
  orderConfirmed: businessEvent({
    message: 'order state changed',
    level: 'info',
    when: 'The order is CONFIRMED.',
    fields: {
      ...stateChangeFields,
      currency: countedOnly<string>(),
      // A metric is a floating-point number: it is for charts, never for accounting.
      amount: countedOnly<number>(),
    },
    counters: [
      counted(ended, { outcome: { value: 'confirmed' } }),
      counted(confirmedAmount, { currency: { field: 'currency' } }, 'amount'),
    ],
  }),
  orderRejected: businessEvent({
    message: 'order state changed',
    level: 'info',
    when: 'The order is REJECTED, and a charge is refunded.',
    fields: stateChangeFields,
    counters: [counted(ended, { outcome: { field: 'reason' } })],
  }),
  interventionNeeded: businessEvent({
    message: 'order needs manual intervention',
    level: 'error',
    when: 'No retry can finish the order: it is unknown whether the card was charged, or a compensation was refused.',
    fields: stateChangeFields,
  }),
  stepAmbiguous: businessEvent({
    message: 'order step outcome unknown',
    level: 'warn',
    when: 'The call of a step returned no result; the step may have been executed.',
    fields: { orderId, step: attr<AmbiguousStep>(appAttribute.orderStep), cause: logOnly<string>() },
    counters: [counted(ambiguousSteps, { step: { field: 'step' } })],
  }),
  compensationRefused: businessEvent({
    message: 'compensation refused',
    level: 'error',
    when: 'An upstream refused a refund or a cancellation, and would refuse a repeat.',
    fields: { orderId, step: attr<Compensation>(appAttribute.orderStep), cause: logOnly<string>() },
  }),
  processingFailed: businessEvent({
    message: 'order processing failed',
    level: 'error',
    when: 'An attempt to finish an order failed; another attempt follows.',
    fields: { orderId, orderState, err: logOnly<unknown>() },
    counters: [counted(processingFailures, {})],
  }),
  taskFailed: businessEvent({
    message: 'task failed',
    level: 'warn',
    when: 'An attempt of an outbox task failed; another attempt follows.',
    fields: { ...taskFields, cause: logOnly<string>() },
    counters: [counted(taskFailures, { kind: { field: 'task' }, outcome: { value: 'failed' } })],
  }),
  taskDeadLettered: businessEvent({
    message: 'task dead-lettered',
    level: 'error',
    when: 'An outbox task failed for good, or for the last time. It is not retried.',
    fields: { ...taskFields, err: logOnly<unknown>() },
    counters: [counted(taskFailures, { kind: { field: 'task' }, outcome: { value: 'dead-lettered' } })],
  }),
  orderUnfinished: businessEvent({
    message: 'order unfinished at shutdown',
    level: 'error',
    when: 'The service stops while an order is not in a final state.',
    fields: { orderId, orderState, transactionId: attr<string | undefined>(appAttribute.transactionId) },
  }),
};

/** Reports the business events of the checkout service. */
export type CheckoutEvents = {
  readonly orderPlaced: (order: Order) => void;
  readonly orderStateChanged: (order: Order, event: OrderEvent) => void;
  readonly stepAmbiguous: (order: Order, step: AmbiguousStep, error: unknown) => void;
  readonly compensationRefused: (order: Order, compensation: Compensation, error: unknown) => void;
  readonly processingFailed: (order: Order, error: unknown) => void;
  readonly taskFailed: (task: OutboxTask, error: unknown) => void;
  readonly taskDeadLettered: (task: OutboxTask, error: unknown) => void;
  readonly orderUnfinished: (order: Order) => void;
};

/** Makes the reporter of the checkout service. */
export function checkoutEvents(runtime: Pick<Runtime, 'log' | 'metrics'>): CheckoutEvents {
  const report = eventReporter(events, runtime);
  return {
    orderPlaced: ({ purchase }) => {
      const { orderId: id, currency, total, lines } = purchase;
      report.orderPlaced({ orderId: id, currency, total: toDecimal(total), lines: lines.length });
    },
    orderStateChanged: (order, event) => {
      const { purchase, state, reason } = order;
      const moved = {
        orderId: purchase.orderId,
        orderState: state,
        event: event.type,
        reason: reason === '' ? undefined : reason,
      };
      // No event follows a final state, so each order is counted once.
      if (event.type === 'intervention-needed') report.interventionNeeded({ ...moved, reason: event.reason });
      else if (state === 'REJECTED') report.orderRejected(moved);
      else if (state === 'CONFIRMED') {
        const { currency, total } = purchase;
        report.orderConfirmed({ ...moved, currency, amount: Number(toDecimal(total)) });
      } else report.orderStateChanged(moved);
    },
    stepAmbiguous: ({ purchase }, step, error) =>
      report.stepAmbiguous({ orderId: purchase.orderId, step, cause: messageOf(error) }),
    compensationRefused: ({ purchase }, step, error) =>
      report.compensationRefused({ orderId: purchase.orderId, step, cause: messageOf(error) }),
    processingFailed: ({ purchase, state }, error) =>
      report.processingFailed({ orderId: purchase.orderId, orderState: state, err: error }),
    taskFailed: ({ orderId: id, kind, tries }, error) =>
      report.taskFailed({ orderId: id, task: kind, tries, cause: messageOf(error) }),
    taskDeadLettered: ({ orderId: id, kind, tries }, error) =>
      report.taskDeadLettered({ orderId: id, task: kind, tries, err: error }),
    orderUnfinished: ({ purchase, state, transactionId }) =>
      report.orderUnfinished({ orderId: purchase.orderId, orderState: state, transactionId }),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
