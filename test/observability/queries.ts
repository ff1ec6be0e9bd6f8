import { allDashboards, allRules } from '../../tools/observability/generated-files.ts';
import type { AlertRule, RecordingRule } from '../../tools/observability/rules/rule.ts';
import { pathsBelow, readSource } from '../architecture/source-files.ts';

/** A PromQL query and its location. */
export type Query = { readonly where: string; readonly expr: string };

/** Every rule, in the order of the files. */
export function rules(): (RecordingRule | AlertRule)[] {
  return Object.values(allRules()).flatMap(({ groups }) => groups.flatMap((group) => [...group.rules]));
}

/** The recording rules. */
export function recordings(): RecordingRule[] {
  return rules().filter((rule) => 'record' in rule);
}

/** The alerts. */
export function alerts(): AlertRule[] {
  return rules().filter((rule) => 'alert' in rule);
}

/** The queries of all rules. */
export function ruleQueries(): Query[] {
  return rules().map((rule) => ({ where: 'alert' in rule ? rule.alert : rule.record, expr: rule.expr }));
}

/** The Prometheus queries of all panels, with Grafana's variables in them. */
export function panelQueries(): Query[] {
  return Object.entries(allDashboards()).flatMap(([name, { panels }]) =>
    panels.flatMap((panel) =>
      'targets' in panel
        ? panel.targets
            .filter(({ datasource }) => datasource.type === 'prometheus')
            .map(({ refId, expr }) => ({ where: `${name}: ${panel.title} ${refId}`, expr: String(expr) }))
        : [],
    ),
  );
}

/** The PromQL queries of the runbooks. */
export function runbookQueries(): Query[] {
  return pathsBelow('docs/runbooks').flatMap((where) =>
    [...readSource(where).text.matchAll(/```promql\n([\s\S]*?)```/g)].map((match) => ({ where, expr: match[1] ?? '' })),
  );
}
