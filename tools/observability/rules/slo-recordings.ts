import { CLIENT_DISCONNECTED, OBJECTIVES, type Objective } from '../objectives.ts';
import type { RecordingRule, RuleGroup } from './rule.ts';

const HISTOGRAM = 'http_server_request_duration_seconds';

/** The windows of the alerts and of the error budget. All are averages of the 5-minute rates. */
const LONGER_WINDOWS = ['30m', '1h', '2h', '6h', '1d', '3d', '30d'] as const;

/** Recording rules for alerts and dashboards: requests, bad requests, their ratio per window, and the error budget left. */
export function sloRecordings(): RuleGroup {
  return {
    name: 'slo',
    rules: [
      ...OBJECTIVES.flatMap((objective) => [target(objective), requests(objective), badRequests(objective)]),
      ...badRatios(),
      {
        record: 'slo:error_budget_left:ratio_rate30d',
        expr: '1 - slo:http_requests_bad:ratio_rate30d / (1 - slo:objective:ratio)',
      },
    ],
  };
}

function target({ slo, target: value }: Objective): RecordingRule {
  return { record: 'slo:objective:ratio', expr: `vector(${value})`, labels: { slo } };
}

// 0 instead of no series when there is no traffic: the averages over days must include the quiet hours.
function requests({ slo, matchers }: Objective): RecordingRule {
  const selector = `${HISTOGRAM}_count{${matchers}, http_response_status_code!="${CLIENT_DISCONNECTED}"}`;
  return {
    record: 'slo:http_requests:rate5m',
    expr: [`sum(rate(${selector}[5m]))`, 'or', 'vector(0)'].join('\n'),
    labels: { slo },
  };
}

function badRequests({ slo, matchers, withinSeconds }: Objective): RecordingRule {
  const good = `${matchers}, http_response_status_code!~"${CLIENT_DISCONNECTED}|5..", ${boundedBy(withinSeconds)}`;
  return {
    record: 'slo:http_requests_bad:rate5m',
    expr: [
      'clamp_min(',
      `  slo:http_requests:rate5m{slo="${slo}"}`,
      '  - on ()',
      `  (sum(rate(${HISTOGRAM}_bucket{${good}}[5m])) or vector(0)),`,
      '  0',
      ')',
    ].join('\n'),
    labels: { slo },
  };
}

// Prometheus 3 writes whole numbers in `le` with a decimal, Prometheus 2 as they were scraped.
function boundedBy(seconds: number): string {
  return Number.isInteger(seconds) ? `le=~"${seconds}|${seconds}[.]0"` : `le="${seconds}"`;
}

// The ratio of averages weighs each hour by its requests. An average of ratios would weigh a quiet night like a busy day.
function badRatios(): RecordingRule[] {
  const of = (operations: string, over: (series: string) => string): RecordingRule => ({
    record: `slo:http_requests_bad:ratio_${operations}`,
    expr: `${over('slo:http_requests_bad:rate5m')} / (${over('slo:http_requests:rate5m')} > 0)`,
  });
  return [
    of('rate5m', (series) => series),
    ...LONGER_WINDOWS.map((window) => of(`rate${window}`, (series) => `avg_over_time(${series}[${window}])`)),
  ];
}
