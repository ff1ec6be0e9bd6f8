import { parse } from 'yaml';
import { z } from 'zod';
import { pathsBelow, readSource } from '../architecture/source-files.ts';

const alertTest = z.object({
  alertname: z.string(),
  eval_time: z.string(),
  exp_alerts: z.array(z.object({ exp_labels: z.record(z.string(), z.string()) })),
});

const testFile = z.object({
  tests: z.array(z.object({ name: z.string(), alert_rule_test: z.array(alertTest).default([]) })),
});

/** The instances of an alert that a test expects to fire at one moment, by their labels. */
export type ExpectedAlert = { readonly alert: string; readonly firing: readonly Readonly<Record<string, string>>[] };

/** Paths of promtool's rule tests, from the project's root. */
export function ruleTestPaths(): string[] {
  return pathsBelow('test/observability/promtool');
}

/** Everything that promtool's rule tests expect of alerts. */
export function expectedAlerts(): ExpectedAlert[] {
  return ruleTestPaths().flatMap((path) => {
    const { tests } = testFile.parse(parse(readSource(path).text, { merge: true }));
    return tests.flatMap(({ alert_rule_test: moments }) =>
      moments.map(({ alertname, exp_alerts: expected }) => ({
        alert: alertname,
        firing: expected.map(({ exp_labels: labels }) => labels),
      })),
    );
  });
}
