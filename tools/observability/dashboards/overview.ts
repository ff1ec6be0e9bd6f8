import { OBJECTIVES } from '../objectives.ts';
import { FAULTS, orZero, quantileBy, RATE_WINDOW, rateBy, ratio } from '../promql.ts';
import { type Dashboard, dashboard } from './dashboard.ts';
import { type Panel, stat, table, timeSeries } from './panel.ts';

const REQUESTS = 'http_server_request_duration_seconds';
const CALLS = 'rpc_server_call_duration_seconds';

/** The whole shop: service levels, traffic, failures, latency and saturation. */
export function overviewDashboard(): Dashboard {
  return dashboard({
    name: 'overview',
    title: 'Overview',
    description: 'The whole shop: service levels, traffic, failures, latency and saturation.',
    sections: [
      { title: 'Service levels', columns: 4, height: 6, panels: [good(), budgetLeft(), burnRate(), alerts()] },
      { title: 'Traffic', columns: 3, height: 9, panels: [requests(), orders(), calls()] },
      { title: 'Failures', columns: 3, height: 9, panels: [failedRequests(), failedCalls(), partsLeftOut()] },
      { title: 'Latency', columns: 2, height: 9, panels: [pageDuration(), callDuration()] },
      { title: 'Saturation', columns: 3, height: 9, panels: [nearLimit(), eventLoop(), replicas()] },
    ],
  });
}

function good(): Panel {
  return stat({
    title: 'Good responses, 30 days',
    description:
      `Share of requests without a 5xx and within the objective: ${OBJECTIVES.map(({ slo, withinSeconds }) => `${slo} ${withinSeconds} s`).join(', ')}. ` +
      'Disconnected clients are not counted. The window is limited by the retention of Prometheus.',
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
    description: 'The share of bad requests that the objective still allows. Below zero the objective is missed.',
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
    description: 'At 1 the error budget lasts 30 days. A sustained 6 or 14.4 pages the engineer on call.',
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
    title: 'Firing alerts',
    description: 'Each alert has a runbook in docs/runbooks.',
    unit: 'none',
    hidden: ['__name__', 'alertstate', 'instance', 'job'],
    expr: 'ALERTS{alertstate="firing"}',
  });
}

function requests(): Panel {
  return timeSeries({
    title: 'Requests',
    description: 'Requests to the storefront by HTTP status. 499: the client disconnected before the response.',
    unit: 'reqps',
    lines: [
      { expr: rateBy('http_response_status_code', `${REQUESTS}_count`), legend: '{{http_response_status_code}}' },
    ],
  });
}

function orders(): Panel {
  return timeSeries({
    title: 'Orders',
    description: 'Orders that were stored, and orders that were confirmed, per minute.',
    unit: 'suffix: per minute',
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
    description: 'RPCs that each service handled.',
    unit: 'reqps',
    lines: [{ expr: rateBy('service', `${CALLS}_count`), legend: '{{service}}' }],
  });
}

function failedRequests(): Panel {
  const all = rateBy('http_route', `${REQUESTS}_count`);
  const failed = rateBy('http_route', `${REQUESTS}_count{http_response_status_code=~"5.."}`);
  return timeSeries({
    title: 'Failed requests',
    description: 'The share of the requests of each route with a 5xx response.',
    unit: 'percentunit',
    lines: [{ expr: ratio(orZero(failed, all), all), legend: '{{http_route}}' }],
  });
}

function failedCalls(): Panel {
  const all = rateBy('service', `${CALLS}_count`);
  const failed = rateBy('service', `${CALLS}_count{rpc_status_code=~"${FAULTS}"}`);
  return timeSeries({
    title: 'Failed calls',
    description:
      'The share of the calls of each service that failed by a fault of the server. A declined card is not one.',
    unit: 'percentunit',
    lines: [{ expr: ratio(orZero(failed, all), all), legend: '{{service}}' }],
  });
}

function partsLeftOut(): Panel {
  return timeSeries({
    title: 'Unavailable page parts',
    description:
      'Optional parts whose service was unavailable or too slow. The page was shown, so no error budget is spent.',
    unit: 'cps',
    lines: [{ expr: rateBy('part', 'mercato_page_parts_unavailable_total'), legend: '{{part}}' }],
  });
}

function pageDuration(): Panel {
  return timeSeries({
    title: 'Duration of requests, p95',
    description: '95 % of the requests of each route take no longer. A dot is one request and links to its trace.',
    unit: 's',
    exemplars: true,
    lines: [{ expr: quantileBy(0.95, 'http_route', REQUESTS), legend: '{{http_route}}' }],
  });
}

function callDuration(): Panel {
  return timeSeries({
    title: 'Duration of calls, p95',
    description:
      '95 % of the calls that each service handles take no longer. A dot is one call and links to its trace.',
    unit: 's',
    exemplars: true,
    lines: [{ expr: quantileBy(0.95, 'service', CALLS), legend: '{{service}}' }],
  });
}

function nearLimit(): Panel {
  return timeSeries({
    title: 'In-flight calls relative to the limit',
    description:
      'Calls in flight, and requests at the storefront, of the replica closest to its limit. At 100 % further calls are refused.',
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
    title: 'Event loop utilization',
    description: 'The share of time in which the event loop of the busiest process of each service is not idle.',
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
    description: 'Processes of each service and version that Prometheus scrapes.',
    unit: 'none',
    lines: [{ expr: 'count by (service, version) (mercato_build_info)', legend: '{{service}} {{version}}' }],
  });
}
