import { LEFT, OBJECTIVES, type Objective } from '../objectives.ts';
import type { RecordingRule, RuleGroup } from './rule.ts';

const HISTOGRAM = 'http_server_request_duration_seconds';

/** The windows beside the 5 minutes that everything is made from: those of the alerts, and that of the error budget. */
const LONGER_WINDOWS = ['30m', '1h', '2h', '6h', '1d', '3d', '30d'] as const;

/** What alerts and dashboards know of the objectives: requests, bad ones, their ratio over every window, what is left. */
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

// 0, and not nothing, when there is no traffic: what is averaged over days must have the quiet hours in it.
function requests({ slo, matchers }: Objective): RecordingRule {
  const selector = `${HISTOGRAM}_count{${matchers}, http_response_status_code!="${LEFT}"}`;
  return {
    record: 'slo:http_requests:rate5m',
    expr: [`sum(rate(${selector}[5m]))`, 'or', 'vector(0)'].join('\n'),
    labels: { slo },
  };
}

function badRequests({ slo, matchers, withinSeconds }: Objective): RecordingRule {
  const good = `${matchers}, http_response_status_code!~"${LEFT}|5..", ${boundedBy(withinSeconds)}`;
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

// Prometheus 3 writes the bound of a whole number of seconds with its decimal, whatever it was sent.
function boundedBy(seconds: number): string {
  return Number.isInteger(seconds) ? `le=~"${seconds}|${seconds}[.]0"` : `le="${seconds}"`;
}

// Averages of the two rates weigh each hour by its requests. An average of ratios would count a quiet night like a busy day.
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
