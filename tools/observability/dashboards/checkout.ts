import { quantileBy, RATE_WINDOW, rateBy } from '../promql.ts';
import { type Dashboard, dashboard } from './dashboard.ts';
import { type Line, type Panel, stat, timeSeries } from './panel.ts';

const A_MINUTE = 'suffix: per minute';
const PLACE_ORDER = 'rpc_method="hipstershop.CheckoutService/PlaceOrder"';
const CHECKOUT = 'http_request_method="POST", http_route="/cart/checkout"';

/** Orders: rate, outcomes, amounts, unfinished orders, errors and latency. */
export function checkoutDashboard(): Dashboard {
  return dashboard({
    name: 'checkout',
    title: 'Checkout',
    description: 'Orders: rate, outcomes, amounts, unfinished orders, errors and latency.',
    sections: [
      { title: 'Now', columns: 4, height: 4, panels: [needIntervention(), oldest(), refunding(), deadLettered()] },
      { title: 'Orders', columns: 3, height: 9, panels: [orders(), endings(), refusals()] },
      { title: 'Amounts', columns: 4, height: 9, panels: [charges(), paid(), refunds(), givenBack()] },
      { title: 'Unfinished work', columns: 3, height: 9, panels: [unfinished(), age(), outbox()] },
      { title: 'Errors', columns: 3, height: 9, panels: [ambiguousSteps(), tries(), mails()] },
      { title: 'Latency', columns: 3, height: 9, panels: [checkouts(), placeOrder(), steps()] },
    ],
  });
}

// Every replica reports the whole store, so `max` and not `sum`.
function needIntervention(): Panel {
  return stat({
    title: 'Orders that need manual intervention',
    description: 'No retry can finish these orders; see the runbook OrderNeedsIntervention.',
    unit: 'none',
    steps: [{ from: 1, color: 'red' }],
    lines: [{ expr: 'max(mercato_orders_needing_intervention)', legend: '' }],
  });
}

function oldest(): Panel {
  return stat({
    title: 'Oldest unfinished order',
    description: 'Time since it was placed; 0 when no order is unfinished.',
    unit: 's',
    steps: [
      { from: 60, color: 'orange' },
      { from: 600, color: 'red' },
    ],
    lines: [{ expr: 'max(mercato_oldest_unfinished_order_age_seconds)', legend: '' }],
  });
}

function refunding(): Panel {
  return stat({
    title: 'Open refunds',
    description: 'Orders whose charge is not refunded yet.',
    unit: 'none',
    steps: [{ from: 1, color: 'orange' }],
    lines: [{ expr: 'max(mercato_orders_unfinished{state="REFUNDING"})', legend: '' }],
  });
}

function deadLettered(): Panel {
  return stat({
    title: 'Dead-lettered tasks',
    description: 'Mails and other outbox tasks that are not retried any more.',
    unit: 'none',
    steps: [{ from: 1, color: 'red' }],
    lines: [{ expr: 'max(mercato_outbox_tasks{state="dead-lettered"})', legend: '' }],
  });
}

function orders(): Panel {
  return timeSeries({
    title: 'Orders placed and ended',
    description: 'Orders that were stored, and orders that reached a final state, per minute.',
    unit: A_MINUTE,
    lines: [
      perMinute('', 'mercato_orders_placed_total', 'placed'),
      perMinute('', 'mercato_orders_ended_total', 'ended'),
    ],
  });
}

function endings(): Panel {
  return timeSeries({
    title: 'Order outcomes',
    description: 'Confirmed, or the reason of the rejection.',
    unit: A_MINUTE,
    lines: [perMinute('outcome', 'mercato_orders_ended_total', '{{outcome}}')],
  });
}

function refusals(): Panel {
  return timeSeries({
    title: 'Refused checkouts',
    description: 'Checkouts that the storefront refused without a charge, by reason.',
    unit: A_MINUTE,
    lines: [perMinute('reason', 'mercato_checkouts_refused_total', '{{reason}}')],
  });
}

function charges(): Panel {
  return timeSeries({
    title: 'Charges',
    description: 'Charges that were made, and declines by reason.',
    unit: A_MINUTE,
    lines: [perMinute('outcome', 'mercato_charges_total', '{{outcome}}')],
  });
}

function paid(): Panel {
  return timeSeries({
    title: 'Confirmed amounts',
    description: 'In units of each currency, per minute. For charts only: not for accounting.',
    unit: A_MINUTE,
    lines: [perMinute('currency', 'mercato_orders_confirmed_amount_total', '{{currency}}')],
  });
}

function refunds(): Panel {
  return timeSeries({
    title: 'Refunds',
    description: 'Charges that were refunded because the goods could not be shipped.',
    unit: A_MINUTE,
    lines: [perMinute('', 'mercato_refunds_total', 'refunds')],
  });
}

function givenBack(): Panel {
  return timeSeries({
    title: 'Refunded amounts',
    description: 'In units of each currency, per minute. For charts only: not for accounting.',
    unit: A_MINUTE,
    lines: [perMinute('currency', 'mercato_refunded_amount_total', '{{currency}}')],
  });
}

function unfinished(): Panel {
  return timeSeries({
    title: 'Unfinished orders',
    description: 'Orders without a final state, by state. Most finish between two scrapes.',
    unit: 'none',
    lines: [
      { expr: 'max by (state) (mercato_orders_unfinished)', legend: '{{state}}' },
      { expr: 'max(mercato_orders_needing_intervention)', legend: 'needs intervention' },
    ],
  });
}

function age(): Panel {
  return timeSeries({
    title: 'Age of the oldest unfinished order',
    description: 'A rising line is an order that makes no progress.',
    unit: 's',
    lines: [{ expr: 'max by (state) (mercato_oldest_unfinished_order_age_seconds)', legend: '{{state}}' }],
  });
}

function outbox(): Panel {
  return timeSeries({
    title: 'Outbox',
    description: 'Mails and other tasks of orders: waiting, or dead-lettered after too many attempts.',
    unit: 'none',
    lines: [{ expr: 'max by (state) (mercato_outbox_tasks)', legend: '{{state}}' }],
  });
}

function ambiguousSteps(): Panel {
  return timeSeries({
    title: 'Steps with unknown outcome',
    description:
      'Steps that may have been executed although their call returned no result. The saga asks, or compensates.',
    unit: A_MINUTE,
    lines: [perMinute('step', 'mercato_order_steps_ambiguous_total', '{{step}}')],
  });
}

function tries(): Panel {
  return timeSeries({
    title: 'Failed attempts',
    description:
      'Attempts to finish an order, and attempts of outbox tasks, that failed. They are retried or dead-lettered.',
    unit: A_MINUTE,
    lines: [
      perMinute('', 'mercato_order_processing_failures_total', 'order'),
      perMinute('kind, outcome', 'mercato_outbox_task_failures_total', '{{kind}} {{outcome}}'),
    ],
  });
}

function mails(): Panel {
  return timeSeries({
    title: 'Mails',
    description: 'Confirmations and cancellations that were sent or failed.',
    unit: A_MINUTE,
    lines: [perMinute('kind, outcome', 'mercato_mails_total', '{{kind}} {{outcome}}')],
  });
}

function checkouts(): Panel {
  return timeSeries({
    title: 'Duration of the checkout',
    description: 'Time from the request of a shopper to the response. A dot is one checkout and links to its trace.',
    unit: 's',
    exemplars: true,
    limits: [{ from: 2, color: 'red' }],
    lines: quantilesOf('http_server_request_duration_seconds', CHECKOUT),
  });
}

function placeOrder(): Panel {
  return timeSeries({
    title: 'Duration of PlaceOrder',
    description: 'Time that checkoutservice takes. A dot is one order and links to its trace.',
    unit: 's',
    exemplars: true,
    lines: quantilesOf('rpc_server_call_duration_seconds', PLACE_ORDER),
  });
}

function steps(): Panel {
  return timeSeries({
    title: 'Duration of the calls for an order, p95',
    description:
      '95 % of the calls that checkoutservice made took no longer. A dot is one call and links to its trace.',
    unit: 's',
    exemplars: true,
    lines: [
      {
        expr: quantileBy(0.95, 'rpc_method', 'rpc_client_call_duration_seconds', 'service="checkoutservice"'),
        legend: '{{rpc_method}}',
      },
    ],
  });
}

function perMinute(labels: string, counter: string, legend: string): Line {
  const rate = labels === '' ? `sum(rate(${counter}[${RATE_WINDOW}]))` : rateBy(labels, counter);
  return { expr: `60 * ${rate}`, legend };
}

function quantilesOf(histogram: string, matchers: string): Line[] {
  return [0.5, 0.95, 0.99].map((quantile) => ({
    expr: quantileBy(quantile, '', histogram, matchers),
    legend: `p${quantile * 100}`,
  }));
}
