import { checkoutDashboard } from './dashboards/checkout.ts';
import type { Dashboard } from './dashboards/dashboard.ts';
import { overviewDashboard } from './dashboards/overview.ts';
import { runtimeDashboard } from './dashboards/runtime.ts';
import { serviceDashboard } from './dashboards/service.ts';
import { burnAlerts } from './rules/burn-alerts.ts';
import { orderAlerts } from './rules/order-alerts.ts';
import type { RuleGroup } from './rules/rule.ts';
import { ruleFile } from './rules/rule-file.ts';
import { serviceAlerts } from './rules/service-alerts.ts';
import { sloRecordings } from './rules/slo-recordings.ts';

/** A generated file with its path from the project's root. */
export type GeneratedFile = { readonly path: string; readonly text: string };

/** The folder of the generated files. */
export const GENERATED_INTO = 'kubernetes-manifests/components/observability';

/** All dashboards, by file name. */
export function allDashboards(): Readonly<Record<string, Dashboard>> {
  return {
    overview: overviewDashboard(),
    service: serviceDashboard(),
    checkout: checkoutDashboard(),
    runtime: runtimeDashboard(),
  };
}

/** All rules and alerts, by file name. */
export function allRules(): Readonly<
  Record<string, { readonly about: string; readonly groups: readonly RuleGroup[] }>
> {
  return {
    slo: {
      about: 'Service level objectives: recording rules and burn rate alerts.',
      groups: [sloRecordings(), burnAlerts()],
    },
    alerts: {
      about: 'Alerts on causes that no error budget shows, or shows too late.',
      groups: [serviceAlerts(), orderAlerts()],
    },
  };
}

/** The dashboards and rule files. */
export function generatedFiles(): GeneratedFile[] {
  return [
    ...Object.entries(allDashboards()).map(([name, dashboard]) => ({
      path: `${GENERATED_INTO}/dashboards/${name}.json`,
      text: `${JSON.stringify(dashboard, undefined, 2)}\n`,
    })),
    ...Object.entries(allRules()).map(([name, { about, groups }]) => ({
      path: `${GENERATED_INTO}/rules/${name}.yaml`,
      text: ruleFile(about, groups),
    })),
  ];
}
