/** A recording rule. Its name is level:metric:operations. */
export type RecordingRule = {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
};

/** `page` wakes the engineer on call; `ticket` waits for working hours. */
export type Severity = 'page' | 'ticket';

/** An alert of Prometheus. */
export type AlertRule = {
  readonly alert: string;
  readonly expr: string;
  /** How long the condition must hold before the alert fires. */
  readonly for: string;
  readonly labels: Readonly<Record<string, string>> & { readonly severity: Severity };
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    readonly runbook_url: string;
  };
};

/** Rules that are evaluated one after the other. */
export type RuleGroup = { readonly name: string; readonly rules: readonly (RecordingRule | AlertRule)[] };

/** An alert with the path of its runbook. */
export function alertRule(alert: {
  name: string;
  severity: Severity;
  expr: string;
  for: string;
  labels?: Readonly<Record<string, string>>;
  summary: string;
  description: string;
}): AlertRule {
  const { name, severity, expr, labels, summary, description } = alert;
  return {
    alert: name,
    expr,
    for: alert.for,
    labels: { severity, ...labels },
    annotations: { summary, description, runbook_url: runbookOf(name) },
  };
}

/** The path of the runbook of an alert: `docs/runbooks/redis-unavailable.md` for RedisUnavailable. */
export function runbookOf(alertName: string): string {
  const kebab = alertName.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
  return `docs/runbooks/${kebab}.md`;
}
