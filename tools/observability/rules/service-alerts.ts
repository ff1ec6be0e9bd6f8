import { serverFaultNames } from '../../../src/lib/grpc/server-fault.ts';
import { isOptional, type ServiceName, serviceNames, topology } from '../../../src/topology.ts';
import { rateBy, ratio } from '../promql.ts';
import { type AlertRule, alertRule, type RuleGroup, type Severity } from './rule.ts';

const FULL = 0.8;
const BUSY = 0.9;
const TOO_MANY_FAIL = 0.05;
const TOO_MANY_LOST = 0.01;

/** Alerts on what every service has: that it is there, answers its calls, and has room for more. */
export function serviceAlerts(): RuleGroup {
  return {
    name: 'services',
    rules: [...serviceDown(), ...redisAway(), callsFail(), callsNearLimit(), eventLoopSaturated(), spansLost()],
  };
}

function serviceDown(): AlertRule[] {
  const served = serviceNames.filter((name) => topology[name].protocol !== 'none');
  const without = (severity: Severity, services: readonly ServiceName[], description: string): AlertRule =>
    alertRule({
      name: 'ServiceDown',
      severity,
      // Gone, and not only down: a replica that is being replaced is no news while another one answers.
      expr: services.map((name) => `absent(mercato_build_info{service="${name}"})`).join('\nor\n'),
      for: '2m',
      summary: 'No replica of {{ $labels.service }} can be asked for its metrics.',
      description,
    });
  return [
    without(
      'page',
      served.filter((name) => !isOptional(name)),
      'Shoppers cannot buy, or soon cannot, unless only Prometheus cannot reach it.',
    ),
    without('ticket', served.filter(isOptional), 'Pages are shown without what it adds, and mails wait in the outbox.'),
  ];
}

function redisAway(): AlertRule[] {
  const alert = (severity: Severity, operator: 'max' | 'min', duration: string, summary: string): AlertRule =>
    alertRule({
      name: 'RedisAway',
      severity,
      expr: `${operator} by (service) (mercato_redis_ready) == 0`,
      for: duration,
      summary,
      description:
        'Without Redis no cart can be shown or changed, so nothing can be bought. Pages go on without the cart.',
    });
  return [
    alert('page', 'max', '1m', 'No replica of {{ $labels.service }} reaches Redis.'),
    alert('ticket', 'min', '10m', 'A replica of {{ $labels.service }} does not reach Redis.'),
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
      `${ratio(rateBy(labels, failed, '5m'), rateBy(labels, calls, '5m'))} > ${TOO_MANY_FAIL}`,
      'and',
      `sum by (${labels}) (increase(${failed}[10m])) > 4`,
    ].join('\n'),
    for: '5m',
    summary: '{{ $value | humanizePercentage }} of the calls of {{ $labels.rpc_method }} fail.',
    description: 'As its callers see it, retries included. Whether shoppers notice is for the error budgets to say.',
  });
}

function callsNearLimit(): AlertRule {
  const full = (gauge: string): string => `max by (service) (avg_over_time(${gauge}[5m]) / ${gauge}_limit) > ${FULL}`;
  return alertRule({
    name: 'CallsNearLimit',
    severity: 'ticket',
    expr: [full('rpc_server_active_calls'), 'or', full('http_server_active_requests')].join('\n'),
    for: '2m',
    summary:
      'A replica of {{ $labels.service }} works on {{ $value | humanizePercentage }} of the calls it takes at once.',
    description: 'At the limit it refuses one more: RESOURCE_EXHAUSTED to a caller, 503 to a shopper.',
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
      `) > ${BUSY}`,
    ].join('\n'),
    for: '10m',
    summary: 'A process of {{ $labels.service }} is at work {{ $value | humanizePercentage }} of the time.',
    description: 'Calls wait for one another: it gets slow before it uses all of its CPU.',
  });
}

function spansLost(): AlertRule {
  const spans = 'mercato_spans_total';
  const lost = rateBy('service', `${spans}{outcome!="exported"}`, '15m');
  const all = rateBy('service', spans, '15m');
  return alertRule({
    name: 'SpansLost',
    severity: 'ticket',
    expr: `${ratio(lost, all)} > ${TOO_MANY_LOST}`,
    for: '15m',
    summary: '{{ $value | humanizePercentage }} of the spans of {{ $labels.service }} are lost.',
    description: 'Traces are incomplete or missing, also those of incidents in this time. Pages are not affected.',
  });
}
