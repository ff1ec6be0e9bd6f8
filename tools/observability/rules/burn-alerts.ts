import { OBJECTIVES, type Objective } from '../objectives.ts';
import { type AlertRule, alertRule, type RuleGroup, type Severity } from './rule.ts';

/** A burn rate of the error budget that fires an alert. */
type Burn = {
  /** At 1 the budget of 30 days lasts 30 days. */
  readonly rate: number;
  /** The window over which the rate must be exceeded. */
  readonly long: string;
  /** The window that makes the alert resolve soon after the incident. */
  readonly short: string;
  readonly for: string;
  readonly severity: Severity;
  /** The share of the budget that is spent when the alert fires. */
  readonly spends: string;
};

// Source: The Site Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts".
const BURNS: readonly Burn[] = [
  { rate: 14.4, long: '1h', short: '5m', for: '2m', severity: 'page', spends: '2 % of it in an hour' },
  { rate: 6, long: '6h', short: '30m', for: '5m', severity: 'page', spends: '5 % of it in six hours' },
  { rate: 3, long: '1d', short: '2h', for: '15m', severity: 'ticket', spends: '10 % of it in a day' },
  { rate: 1, long: '3d', short: '6h', for: '1h', severity: 'ticket', spends: '10 % of it in three days' },
];

/** With little traffic one bad request is a large ratio: up to this many in the long window fire no alert. */
const TOO_FEW = 4;

/** Alerts on the error budgets. */
export function burnAlerts(): RuleGroup {
  return {
    name: 'slo-burn',
    rules: OBJECTIVES.flatMap((objective) => BURNS.map((burn) => burnAlert(objective, burn))),
  };
}

function burnAlert(objective: Objective, burn: Burn): AlertRule {
  const { slo, alertPrefix, what, target, withinSeconds } = objective;
  const threshold = `${burn.rate} * (1 - ${target})`;
  const badRatio = (window: string): string => `slo:http_requests_bad:ratio_rate${window}{slo="${slo}"} > ${threshold}`;
  return alertRule({
    name: `${alertPrefix}ErrorBudgetBurn`,
    severity: burn.severity,
    // A subquery of one-minute steps: the time before the first sample counts as zero.
    expr: [
      badRatio(burn.long),
      'and',
      badRatio(burn.short),
      'and',
      `60 * sum_over_time(slo:http_requests_bad:rate5m{slo="${slo}"}[${burn.long}:1m]) > ${TOO_FEW}`,
    ].join('\n'),
    for: burn.for,
    labels: { slo, window: burn.long },
    summary: `Too many ${what} fail or are slow: {{ $value | humanizePercentage }} within ${burn.long}.`,
    description:
      `${percent(1 - target)} of the ${what} may fail or take more than ${withinSeconds} s: the error budget of 30 days. ` +
      `This spends ${burn.spends}.`,
  });
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(3))} %`;
}
