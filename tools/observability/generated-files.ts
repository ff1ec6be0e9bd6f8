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

/** A file that is generated, by its path from the root of the project. */
export type GeneratedFile = { readonly path: string; readonly text: string };

/** Where they are. */
export const GENERATED_INTO = 'kubernetes-manifests/components/observability';

/** All dashboards, by the name of their file. */
export function allDashboards(): Readonly<Record<string, Dashboard>> {
  return {
    overview: overviewDashboard(),
    service: serviceDashboard(),
    checkout: checkoutDashboard(),
    runtime: runtimeDashboard(),
  };
}

/** All rules and alerts, by the name of their file. */
export function allRules(): Readonly<
  Record<string, { readonly about: string; readonly groups: readonly RuleGroup[] }>
> {
  return {
    slo: {
      about: 'What is promised to shoppers, how well it is kept, and whom it wakes when it is not.',
      groups: [sloRecordings(), burnAlerts()],
    },
    alerts: {
      about: 'What somebody has to look after although no error budget tells of it, or before one does.',
      groups: [serviceAlerts(), orderAlerts()],
    },
  };
}

/** All that is generated: the same text every time. */
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
