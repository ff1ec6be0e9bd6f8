import { serverFaultNames } from '../../../src/lib/grpc/server-fault.ts';
import { isOptional, type ServiceName, serviceNames, topology } from '../../../src/topology.ts';
import { rateBy, ratio } from '../promql.ts';
import { type AlertRule, alertRule, type RuleGroup, type Severity } from './rule.ts';

const MAX_IN_FLIGHT_SHARE = 0.8;
const MAX_EVENT_LOOP_UTILIZATION = 0.9;
const MAX_FAILURE_SHARE = 0.05;
const MAX_SPAN_LOSS_SHARE = 0.01;

/** Alerts on every service: availability, failures and saturation. */
export function serviceAlerts(): RuleGroup {
  return {
    name: 'services',
    rules: [
      ...serviceDown(),
      ...redisUnavailable(),
      ...databaseUnavailable(),
      callsFail(),
      callsNearLimit(),
      eventLoopSaturated(),
      spansLost(),
    ],
  };
}

function serviceDown(): AlertRule[] {
  const served = serviceNames.filter((name) => topology[name].protocol !== 'none');
  const without = (severity: Severity, services: readonly ServiceName[], description: string): AlertRule =>
    alertRule({
      name: 'ServiceDown',
      severity,
      // `absent`: a replica that is being replaced does not fire while another one is scraped.
      expr: services.map((name) => `absent(mercato_build_info{service="${name}"})`).join('\nor\n'),
      for: '2m',
      summary: 'No replica of {{ $labels.service }} can be scraped.',
      description,
    });
  return [
    without(
      'page',
      served.filter((name) => !isOptional(name)),
      'Shoppers cannot buy, unless the service runs and only Prometheus cannot reach it.',
    ),
    without(
      'ticket',
      served.filter(isOptional),
      'Pages are shown without the part of this service, or mails wait in the outbox.',
    ),
  ];
}

function redisUnavailable(): AlertRule[] {
  const alert = (severity: Severity, operator: 'max' | 'min', duration: string, summary: string): AlertRule =>
    alertRule({
      name: 'RedisUnavailable',
      severity,
      expr: `${operator} by (service) (mercato_redis_ready) == 0`,
      for: duration,
      summary,
      description:
        'Carts can be neither read nor changed, so nothing can be bought. Other pages are shown without the cart.',
    });
  return [
    alert('page', 'max', '1m', 'No replica of {{ $labels.service }} reaches Redis.'),
    alert('ticket', 'min', '10m', 'A replica of {{ $labels.service }} does not reach Redis.'),
  ];
}

function databaseUnavailable(): AlertRule[] {
  const alert = (severity: Severity, operator: 'max' | 'min', duration: string, summary: string): AlertRule =>
    alertRule({
      name: 'DatabaseUnavailable',
      severity,
      expr: `${operator} by (service) (mercato_database_ready) == 0`,
      for: duration,
      summary,
      description:
        'Its calls fail with STORE_UNAVAILABLE. Nothing can be bought without checkout, payment and shipping.',
    });
  return [
    alert('page', 'max', '1m', 'No replica of {{ $labels.service }} can use PostgreSQL.'),
    alert('ticket', 'min', '10m', 'A replica of {{ $labels.service }} cannot use PostgreSQL.'),
  ];
}

// A caller falls back to an older RPC when an upstream of the original protocol returns UNIMPLEMENTED.
const FAILURES = serverFaultNames.filter((name) => name !== 'UNIMPLEMENTED').join('|');

function callsFail(): AlertRule {
  const calls = 'rpc_client_call_duration_seconds_count';
  const failed = `${calls}{rpc_status_code=~"${FAILURES}"}`;
  const labels = 'server_service_name, rpc_method';
  return alertRule({
    name: 'CallsFail',
    severity: 'ticket',
    expr: [
      `${ratio(rateBy(labels, failed, '5m'), rateBy(labels, calls, '5m'))} > ${MAX_FAILURE_SHARE}`,
      'and',
      `sum by (${labels}) (increase(${failed}[10m])) > 4`,
    ].join('\n'),
    for: '5m',
    summary: '{{ $value | humanizePercentage }} of the calls of {{ $labels.rpc_method }} fail.',
    description: 'As its callers see it, after retries. The error budgets show whether shoppers are affected.',
  });
}

function callsNearLimit(): AlertRule {
  const full = (gauge: string): string =>
    `max by (service) (avg_over_time(${gauge}[5m]) / ${gauge}_limit) > ${MAX_IN_FLIGHT_SHARE}`;
  return alertRule({
    name: 'CallsNearLimit',
    severity: 'ticket',
    expr: [full('rpc_server_active_calls'), 'or', full('http_server_active_requests')].join('\n'),
    for: '2m',
    summary:
      'A replica of {{ $labels.service }} has {{ $value | humanizePercentage }} of its limit of calls in flight.',
    description: 'At the limit it refuses further calls with RESOURCE_EXHAUSTED, and page requests with 503.',
  });
}

function eventLoopSaturated(): AlertRule {
  const time = 'nodejs_eventloop_time_seconds_total';
  const active = `rate(${time}{state="active"}[5m])`;
  return alertRule({
    name: 'EventLoopSaturated',
    severity: 'ticket',
    expr: [
      'max by (service) (',
      `  ${active}`,
      '  / ignoring (state)',
      `  (sum without (state) (rate(${time}[5m])) > 0)`,
      `) > ${MAX_EVENT_LOOP_UTILIZATION}`,
    ].join('\n'),
    for: '10m',
    summary:
      'The event loop of a process of {{ $labels.service }} is busy {{ $value | humanizePercentage }} of the time.',
    description: 'Calls queue for the event loop: latency rises before the CPU limit is reached.',
  });
}

function spansLost(): AlertRule {
  const spans = 'mercato_spans_total';
  const lost = rateBy('service', `${spans}{outcome!="exported"}`, '15m');
  const all = rateBy('service', spans, '15m');
  return alertRule({
    name: 'SpansLost',
    severity: 'ticket',
    expr: `${ratio(lost, all)} > ${MAX_SPAN_LOSS_SHARE}`,
    for: '15m',
    summary: '{{ $value | humanizePercentage }} of the spans of {{ $labels.service }} are lost.',
    description: 'Traces are incomplete or missing, also those of incidents in this time. Pages are not affected.',
  });
}
