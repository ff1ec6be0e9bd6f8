import type { Logger } from '../lib/logger.ts';
import { toDecimal } from '../lib/money.ts';
import type { Order, OrderEvent } from './order/order.ts';
import type { OutboxTask } from './store/order-store.ts';

/** What happens in the checkout service that the business, or somebody on call, wants to know of. */
export type CheckoutEvents = {
  readonly orderPlaced: (order: Order) => void;
  readonly orderMoved: (order: Order, event: OrderEvent) => void;
  /** A step's call was not answered: whether it was done is unknown. */
  readonly stepUnanswered: (order: Order, step: 'charge' | 'ship' | 'empty-cart', error: unknown) => void;
  /** An order could not be driven to its end; it is tried again. */
  readonly driveFailed: (order: Order, error: unknown) => void;
  /** A task failed; it is tried again. */
  readonly taskFailed: (task: OutboxTask, error: unknown) => void;
  /** A task failed too often; it is not tried again. */
  readonly taskSetAside: (task: OutboxTask, error: unknown) => void;
  /** The service ends, and this order is not at its end. */
  readonly orderLeft: (order: Order) => void;
};

/** Reports the events of the checkout service. */
export function checkoutEvents(log: Logger): CheckoutEvents {
  return {
    orderPlaced: ({ purchase }) => {
      const { orderId, currency, total, lines } = purchase;
      log.info({ orderId, currency, total: toDecimal(total), lines: lines.length }, 'order placed');
    },
    orderMoved: (order, event) => {
      const fields = { orderId: order.purchase.orderId, state: order.state, event: event.type, reason: order.reason };
      if (order.needsPerson) log.error(fields, 'order needs a person');
      else log.info(fields, 'order moved');
    },
    stepUnanswered: (order, step, error) =>
      log.warn({ orderId: order.purchase.orderId, step, cause: messageOf(error) }, 'order step unanswered'),
    driveFailed: (order, error) =>
      log.error({ orderId: order.purchase.orderId, state: order.state, err: error }, 'order drive failed'),
    taskFailed: ({ orderId, kind, tries }, error) =>
      log.warn({ orderId, task: kind, tries, cause: messageOf(error) }, 'task failed'),
    taskSetAside: ({ orderId, kind, tries }, error) =>
      log.error({ orderId, task: kind, tries, err: error }, 'task set aside'),
    orderLeft: ({ purchase: { orderId }, state, transactionId }) =>
      log.error({ orderId, state, transactionId }, 'order left unfinished'),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
