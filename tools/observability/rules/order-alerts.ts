import { alertRule, type RuleGroup } from './rule.ts';

/** Orders, refunds and mails are tried again by themselves. What is older than this is stuck. */
const STUCK_ORDER_SECONDS = 600;
const OPEN_REFUND_SECONDS = 900;

/**
 * Alerts on orders that do not move. Whoever asks a checkoutservice is told of its whole store, so several that share one
 * say the same: the largest is taken, and not the sum.
 */
export function orderAlerts(): RuleGroup {
  return {
    name: 'orders',
    rules: [
      alertRule({
        name: 'OrderNeedsPerson',
        severity: 'ticket',
        expr: 'max(mercato_orders_needing_person) > 0',
        for: '1m',
        summary: 'Orders that only a person can bring further: {{ $value }}.',
        description: 'A charge was not answered, and whether the card was charged cannot be asked. The shopper waits.',
      }),
      alertRule({
        name: 'OrderUnfinishedTooLong',
        severity: 'page',
        // An order that is being given back has an alert of its own.
        expr: `max(mercato_oldest_unfinished_order_age_seconds{state!="REFUNDING"}) > ${STUCK_ORDER_SECONDS}`,
        for: '2m',
        summary: 'An order was placed {{ $value | humanizeDuration }} ago and is neither confirmed nor rejected.',
        description:
          'Orders are driven on again and again. One this old may be charged, and its shopper knows no more.',
      }),
      alertRule({
        name: 'RefundOpenTooLong',
        severity: 'ticket',
        expr: `max(mercato_oldest_unfinished_order_age_seconds{state="REFUNDING"}) > ${OPEN_REFUND_SECONDS}`,
        for: '2m',
        summary:
          'An order was placed {{ $value | humanizeDuration }} ago, cannot be shipped, and its money is not back.',
        description:
          'A refund is tried again after pauses of up to a minute until it succeeds. For a quarter of an hour none has.',
      }),
      alertRule({
        name: 'OutboxTaskSetAside',
        severity: 'ticket',
        expr: 'max(mercato_outbox_tasks{state="set-aside"}) > 0',
        for: '1m',
        summary: 'Mails and other tasks that were given up: {{ $value }}.',
        description: 'The orders are as they should be. What follows from them, such as the mail, was not done.',
      }),
    ],
  };
}
