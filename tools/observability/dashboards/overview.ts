import { OBJECTIVES } from '../objectives.ts';
import { FAULTS, orZero, quantileBy, RATE_WINDOW, rateBy, ratio } from '../promql.ts';
import { type Dashboard, dashboard } from './dashboard.ts';
import { type Panel, stat, table, timeSeries } from './panel.ts';

const REQUESTS = 'http_server_request_duration_seconds';
const CALLS = 'rpc_server_call_duration_seconds';

/** The whole shop: what shoppers get, what comes in, how it is answered, and what fills up. */
export function overviewDashboard(): Dashboard {
  return dashboard({
    name: 'overview',
    title: 'Overview',
    description: 'Is the shop well? What shoppers get, what comes in, how it is answered, and what fills up.',
    sections: [
      { title: 'What shoppers get', columns: 4, height: 6, panels: [good(), budgetLeft(), burnRate(), alerts()] },
      { title: 'Traffic', columns: 3, height: 9, panels: [requests(), orders(), calls()] },
      { title: 'Failures', columns: 3, height: 9, panels: [failedRequests(), failedCalls(), partsLeftOut()] },
      { title: 'Duration', columns: 2, height: 9, panels: [pageDuration(), callDuration()] },
      { title: 'Saturation', columns: 3, height: 9, panels: [nearLimit(), eventLoop(), replicas()] },
    ],
  });
}

function good(): Panel {
  return stat({
    title: 'Answered well, 30 days',
    description:
      `Requests without a 5xx, and in time: ${OBJECTIVES.map(({ slo, withinSeconds }) => `${slo} ${withinSeconds} s`).join(', ')}. ` +
      'Shoppers who left are not counted. Of 30 days, Prometheus knows those that it keeps.',
    unit: 'percentunit',
    decimals: 3,
    baseColor: 'red',
    steps: [{ from: Math.min(...OBJECTIVES.map(({ target }) => target)), color: 'green' }],
    lines: [{ expr: '1 - slo:http_requests_bad:ratio_rate30d', legend: '{{slo}}' }],
  });
}

function budgetLeft(): Panel {
  return stat({
    title: 'Error budget left, 30 days',
    description: 'What may still go wrong before the objective is missed. Below zero it is missed.',
    unit: 'percentunit',
    decimals: 1,
    baseColor: 'red',
    steps: [
      { from: 0, color: 'orange' },
      { from: 0.25, color: 'green' },
    ],
    lines: [{ expr: 'slo:error_budget_left:ratio_rate30d', legend: '{{slo}}' }],
  });
}

function burnRate(): Panel {
  return timeSeries({
    title: 'Burn rate, 1 hour',
    description: 'At 1 the error budget lasts 30 days. At 6 or 14.4, held long enough, somebody is woken.',
    unit: 'none',
    limits: [
      { from: 1, color: 'orange' },
      { from: 14.4, color: 'red' },
    ],
    lines: [{ expr: 'slo:http_requests_bad:ratio_rate1h / (1 - slo:objective:ratio)', legend: '{{slo}}' }],
  });
}

function alerts(): Panel {
  return table({
    title: 'Alerts that fire',
    description: 'What to do about each is in docs/runbooks.',
    unit: 'none',
    hidden: ['__name__', 'alertstate', 'instance', 'job'],
    expr: 'ALERTS{alertstate="firing"}',
  });
}

function requests(): Panel {
  return timeSeries({
    title: 'Requests',
    description: 'Requests that the storefront answered, by HTTP status. 499: the shopper left first.',
    unit: 'reqps',
    lines: [
      { expr: rateBy('http_response_status_code', `${REQUESTS}_count`), legend: '{{http_response_status_code}}' },
    ],
  });
}

function orders(): Panel {
  return timeSeries({
    title: 'Orders',
    description: 'Orders that were stored, a minute, and those that were confirmed.',
    unit: 'suffix: a minute',
    lines: [
      { expr: `60 * sum(rate(mercato_orders_placed_total[${RATE_WINDOW}]))`, legend: 'placed' },
      {
        expr: `60 * sum(rate(mercato_orders_ended_total{outcome="confirmed"}[${RATE_WINDOW}]))`,
        legend: 'confirmed',
      },
    ],
  });
}

function calls(): Panel {
  return timeSeries({
    title: 'Calls',
    description: 'RPCs that each service answered.',
    unit: 'reqps',
    lines: [{ expr: rateBy('service', `${CALLS}_count`), legend: '{{service}}' }],
  });
}

function failedRequests(): Panel {
  const all = rateBy('http_route', `${REQUESTS}_count`);
  const failed = rateBy('http_route', `${REQUESTS}_count{http_response_status_code=~"5.."}`);
  return timeSeries({
    title: 'Requests that failed',
    description: 'The part of the requests for each route that was answered with a 5xx.',
    unit: 'percentunit',
    lines: [{ expr: ratio(orZero(failed, all), all), legend: '{{http_route}}' }],
  });
}

function failedCalls(): Panel {
  const all = rateBy('service', `${CALLS}_count`);
  const failed = rateBy('service', `${CALLS}_count{rpc_status_code=~"${FAULTS}"}`);
  return timeSeries({
    title: 'Calls that failed',
    description: 'The part of the calls of each service that failed by its own fault. A declined card is no failure.',
    unit: 'percentunit',
    lines: [{ expr: ratio(orZero(failed, all), all), legend: '{{service}}' }],
  });
}

function partsLeftOut(): Panel {
  return timeSeries({
    title: 'Parts that pages were shown without',
    description: 'What was not to be had in time. The page was shown all the same, so no error budget is spent.',
    unit: 'cps',
    lines: [{ expr: rateBy('part', 'mercato_page_parts_left_out_total'), legend: '{{part}}' }],
  });
}

function pageDuration(): Panel {
  return timeSeries({
    title: 'Duration of requests, p95',
    description: '95 of 100 requests for each route take no longer. A dot is one request: it leads to its trace.',
    unit: 's',
    exemplars: true,
    lines: [{ expr: quantileBy(0.95, 'http_route', REQUESTS), legend: '{{http_route}}' }],
  });
}

function callDuration(): Panel {
  return timeSeries({
    title: 'Duration of calls, p95',
    description: '95 of 100 calls that each service answers take no longer. A dot is one call: it leads to its trace.',
    unit: 's',
    exemplars: true,
    lines: [{ expr: quantileBy(0.95, 'service', CALLS), legend: '{{service}}' }],
  });
}

function nearLimit(): Panel {
  return timeSeries({
    title: 'At work, of what is taken at once',
    description: 'Calls, and requests at the storefront, of the fullest replica. At 100 % it refuses one more.',
    unit: 'percentunit',
    limits: [{ from: 0.8, color: 'red' }],
    lines: [
      { expr: 'max by (service) (rpc_server_active_calls / rpc_server_active_calls_limit)', legend: '{{service}}' },
      {
        expr: 'max by (service) (http_server_active_requests / http_server_active_requests_limit)',
        legend: '{{service}}',
      },
    ],
  });
}

function eventLoop(): Panel {
  return timeSeries({
    title: 'Event loop at work',
    description:
      'The part of the time in which the busiest process of each service is at work, and not waiting for work.',
    unit: 'percentunit',
    max: 1,
    limits: [{ from: 0.9, color: 'red' }],
    lines: [
      {
        expr: `max by (service) (rate(nodejs_eventloop_time_seconds_total{state="active"}[${RATE_WINDOW}]))`,
        legend: '{{service}}',
      },
    ],
  });
}

function replicas(): Panel {
  return timeSeries({
    title: 'Replicas',
    description: 'Processes of each service and version that can be asked for their metrics.',
    unit: 'none',
    lines: [{ expr: 'count by (service, version) (mercato_build_info)', legend: '{{service}} {{version}}' }],
  });
}
