import { quantileBy, RATE_WINDOW, rateBy } from '../promql.ts';
import { type Dashboard, dashboard } from './dashboard.ts';
import { type Line, type Panel, stat, timeSeries } from './panel.ts';

const A_MINUTE = 'suffix: a minute';
const PLACE_ORDER = 'rpc_method="hipstershop.CheckoutService/PlaceOrder"';
const CHECKOUT = 'http_request_method="POST", http_route="/cart/checkout"';

/** Orders: how many, how they end, what is paid and given back, what does not move, and how long a shopper waits. */
export function checkoutDashboard(): Dashboard {
  return dashboard({
    name: 'checkout',
    title: 'Checkout',
    description: 'Orders: how many, how they end, what is paid and given back, what does not move, how long it takes.',
    sections: [
      { title: 'Now', columns: 4, height: 4, panels: [needPerson(), oldest(), refunding(), setAside()] },
      { title: 'Orders', columns: 3, height: 9, panels: [orders(), endings(), refusals()] },
      { title: 'Money', columns: 4, height: 9, panels: [charges(), paid(), refunds(), givenBack()] },
      { title: 'What is not at its end', columns: 3, height: 9, panels: [unfinished(), age(), outbox()] },
      { title: 'What goes wrong on the way', columns: 3, height: 9, panels: [unanswered(), tries(), mails()] },
      { title: 'How long a shopper waits', columns: 3, height: 9, panels: [checkouts(), placeOrder(), steps()] },
    ],
  });
}

// Whoever asks a checkoutservice is told of its whole store: several that share one say the same.
function needPerson(): Panel {
  return stat({
    title: 'Orders that need a person',
    description: 'Whether the card was charged is for a person to find out.',
    unit: 'none',
    steps: [{ from: 1, color: 'red' }],
    lines: [{ expr: 'max(mercato_orders_needing_person)', legend: '' }],
  });
}

function oldest(): Panel {
  return stat({
    title: 'Oldest unfinished order',
    description: 'Time since it was placed; 0 when every order is at its end.',
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
    title: 'Refunds that are open',
    description: 'Orders that are rejected, and whose money is not back yet.',
    unit: 'none',
    steps: [{ from: 1, color: 'orange' }],
    lines: [{ expr: 'max(mercato_orders_unfinished{state="REFUNDING"})', legend: '' }],
  });
}

function setAside(): Panel {
  return stat({
    title: 'Tasks set aside',
    description: 'Mails and other tasks that were given up after too many tries.',
    unit: 'none',
    steps: [{ from: 1, color: 'red' }],
    lines: [{ expr: 'max(mercato_outbox_tasks{state="set-aside"})', legend: '' }],
  });
}

function orders(): Panel {
  return timeSeries({
    title: 'Orders placed and ended',
    description: 'Orders that were stored, a minute, and those that came to their end, whatever that was.',
    unit: A_MINUTE,
    lines: [
      perMinute('', 'mercato_orders_placed_total', 'placed'),
      perMinute('', 'mercato_orders_ended_total', 'ended'),
    ],
  });
}

function endings(): Panel {
  return timeSeries({
    title: 'How orders end',
    description: 'Confirmed, or the reason why the order was rejected.',
    unit: A_MINUTE,
    lines: [perMinute('outcome', 'mercato_orders_ended_total', '{{outcome}}')],
  });
}

function refusals(): Panel {
  return timeSeries({
    title: 'Checkouts that were refused',
    description: 'What the storefront told shoppers, with nothing kept of their money.',
    unit: A_MINUTE,
    lines: [perMinute('reason', 'mercato_checkouts_refused_total', '{{reason}}')],
  });
}

function charges(): Panel {
  return timeSeries({
    title: 'Charges',
    description: 'Charges that were made, and declines by their reason.',
    unit: A_MINUTE,
    lines: [perMinute('outcome', 'mercato_charges_total', '{{outcome}}')],
  });
}

function paid(): Panel {
  return timeSeries({
    title: 'Paid for confirmed orders',
    description: 'In units of each currency, a minute. To be looked at: nothing is booked from it.',
    unit: A_MINUTE,
    lines: [perMinute('currency', 'mercato_orders_confirmed_amount_total', '{{currency}}')],
  });
}

function refunds(): Panel {
  return timeSeries({
    title: 'Refunds',
    description: 'Charges that were given back because the goods could not be sent.',
    unit: A_MINUTE,
    lines: [perMinute('', 'mercato_refunds_total', 'refunds')],
  });
}

function givenBack(): Panel {
  return timeSeries({
    title: 'Given back',
    description: 'In units of each currency, a minute. To be looked at: nothing is booked from it.',
    unit: A_MINUTE,
    lines: [perMinute('currency', 'mercato_refunded_amount_total', '{{currency}}')],
  });
}

function unfinished(): Panel {
  return timeSeries({
    title: 'Unfinished orders',
    description: 'Orders that are to be driven on, by how they stand. Most are gone before anybody looks.',
    unit: 'none',
    lines: [
      { expr: 'max by (state) (mercato_orders_unfinished)', legend: '{{state}}' },
      { expr: 'max(mercato_orders_needing_person)', legend: 'needs a person' },
    ],
  });
}

function age(): Panel {
  return timeSeries({
    title: 'Age of the oldest unfinished order',
    description: 'A line that climbs is an order that does not move.',
    unit: 's',
    lines: [{ expr: 'max by (state) (mercato_oldest_unfinished_order_age_seconds)', legend: '{{state}}' }],
  });
}

function outbox(): Panel {
  return timeSeries({
    title: 'Outbox',
    description: 'Mails and other tasks that follow from orders: to be done, or given up after too many tries.',
    unit: 'none',
    lines: [{ expr: 'max by (state) (mercato_outbox_tasks)', legend: '{{state}}' }],
  });
}

function unanswered(): Panel {
  return timeSeries({
    title: 'Steps without an answer',
    description: 'Calls of a step that may have been done although no answer came. The saga finds out, or undoes it.',
    unit: A_MINUTE,
    lines: [perMinute('step', 'mercato_order_steps_unanswered_total', '{{step}}')],
  });
}

function tries(): Panel {
  return timeSeries({
    title: 'Drives and tasks that failed',
    description:
      'Orders that could not be driven on, and tasks of the outbox that failed. They are tried again, or set aside.',
    unit: A_MINUTE,
    lines: [
      perMinute('', 'mercato_order_drive_failures_total', 'order'),
      perMinute('kind, outcome', 'mercato_outbox_task_failures_total', '{{kind}} {{outcome}}'),
    ],
  });
}

function mails(): Panel {
  return timeSeries({
    title: 'Mails',
    description: 'Confirmations and cancellations that were sent, or could not be.',
    unit: A_MINUTE,
    lines: [perMinute('kind, outcome', 'mercato_mails_total', '{{kind}} {{outcome}}')],
  });
}

function checkouts(): Panel {
  return timeSeries({
    title: 'Duration of the checkout',
    description: 'What a shopper waits for after pressing the button. A dot is one checkout: it leads to its trace.',
    unit: 's',
    exemplars: true,
    limits: [{ from: 2, color: 'red' }],
    lines: quantilesOf('http_server_request_duration_seconds', CHECKOUT),
  });
}

function placeOrder(): Panel {
  return timeSeries({
    title: 'Duration of PlaceOrder',
    description: 'The part of it that checkoutservice takes. A dot is one order: it leads to its trace.',
    unit: 's',
    exemplars: true,
    lines: quantilesOf('rpc_server_call_duration_seconds', PLACE_ORDER),
  });
}

function steps(): Panel {
  return timeSeries({
    title: 'Duration of the calls for an order, p95',
    description: '95 of 100 calls that checkoutservice made took no longer. A dot is one call: it leads to its trace.',
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
