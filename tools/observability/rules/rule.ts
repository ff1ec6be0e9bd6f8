/** A series that Prometheus computes. Its name is level:metric:operations. */
export type RecordingRule = {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
};

/** Whom an alert wakes: at once whoever is on call, or somebody in working hours. */
export type Severity = 'page' | 'ticket';

/** A condition that somebody is told of. */
export type AlertRule = {
  readonly alert: string;
  readonly expr: string;
  /** How long it must hold before anybody is told. */
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

/** An alert, with the page of the documents that says what to do. */
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

/** Path of the page about an alert: `docs/runbooks/redis-away.md` for RedisAway. */
export function runbookOf(alertName: string): string {
  const kebab = alertName.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
  return `docs/runbooks/${kebab}.md`;
}
