import { alertRule, type RuleGroup } from './rule.ts';

/** Orders, refunds and mails are retried automatically; older ones are stuck. */
const STUCK_ORDER_SECONDS = 600;
const OPEN_REFUND_SECONDS = 900;

/** Alerts on orders without progress. Every replica reports the whole store, so `max` and not `sum`. */
export function orderAlerts(): RuleGroup {
  return {
    name: 'orders',
    rules: [
      alertRule({
        name: 'OrderNeedsIntervention',
        severity: 'ticket',
        expr: 'max(mercato_orders_needing_intervention) > 0',
        for: '1m',
        summary: 'Orders that need manual intervention: {{ $value }}.',
        description:
          'No retry can finish these orders: a charge has an unknown outcome, or a compensation was refused.',
      }),
      alertRule({
        name: 'OrderUnfinishedTooLong',
        severity: 'page',
        // REFUNDING has its own alert.
        expr: `max(mercato_oldest_unfinished_order_age_seconds{state!="REFUNDING"}) > ${STUCK_ORDER_SECONDS}`,
        for: '2m',
        summary: 'An order was placed {{ $value | humanizeDuration }} ago and is neither confirmed nor rejected.',
        description:
          'Unfinished orders are retried. An order this old may be charged, and its shopper has no result yet.',
      }),
      alertRule({
        name: 'RefundOpenTooLong',
        severity: 'ticket',
        expr: `max(mercato_oldest_unfinished_order_age_seconds{state="REFUNDING"}) > ${OPEN_REFUND_SECONDS}`,
        for: '2m',
        summary: 'An order was placed {{ $value | humanizeDuration }} ago, cannot be shipped, and is not refunded yet.',
        description:
          'A refund is retried at least once a minute until it succeeds. No attempt has succeeded for 15 minutes.',
      }),
      alertRule({
        name: 'OutboxTaskDeadLettered',
        severity: 'ticket',
        expr: 'max(mercato_outbox_tasks{state="dead-lettered"}) > 0',
        for: '1m',
        summary: 'Dead-lettered mails and other outbox tasks: {{ $value }}.',
        description:
          'The orders are complete. What follows from them, such as a mail, was not done and is not retried.',
      }),
    ],
  };
}
