import type { CheckedInstance } from '../console/health.ts';
import { type Instance, LAUNCHER } from '../console/instance.ts';
import type { Environment } from '../lib/config/config.ts';
import { serviceNames } from '../topology.ts';

/** A row of the table that the launcher prints. */
export type ServiceRow = Instance & { readonly state: string };

/** One row per instance in the order of the topology, and at the end the launcher's own process. */
export function serviceRows(instances: readonly CheckedInstance[], env: Environment): ServiceRow[] {
  const stateOf = ({ service, health }: CheckedInstance): string =>
    service === 'cartservice'
      ? `${health}, carts in ${env.REDIS_ADDR ? `Redis at ${env.REDIS_ADDR}` : 'files'}`
      : health;
  const services = serviceNames.flatMap((service): ServiceRow[] => {
    const rows = instances.filter((instance) => instance.service === service);
    if (rows.length === 0) return [{ service, address: '-', metrics: '-', state: 'not started: make load' }];
    return rows.map(({ health, ...row }) => ({ ...row, state: stateOf({ ...row, health }) }));
  });
  const launcher = instances.filter(({ service }) => service === LAUNCHER);
  return [
    ...services,
    ...launcher.map(({ service, address, metrics }) => ({
      service,
      address,
      metrics,
      state: 'the process that runs all of them',
    })),
  ];
}

/** The text that the launcher prints once the shop has started. */
export function openingText(
  rows: readonly ServiceRow[],
  shop: { url: string; version: string; console: string; mails: string; traces: string },
): string {
  const line = ({ service, address, metrics, state }: Record<keyof ServiceRow, string>): string =>
    `  ${service.padEnd(24)}${address.padEnd(18)}${metrics.padEnd(18)}${state}`;
  return [
    `Mercato ${shop.version}`,
    '',
    line({ service: 'service', address: 'address', metrics: 'metrics', state: 'state' }),
    ...rows.map(line),
    '',
    `  Open   ${shop.url}`,
    `  Watch  ${shop.console}`,
    `  Mail   ${shop.mails}`,
    `  Traces ${shop.traces}`,
    '  Stop   Ctrl-C',
    '',
  ].join('\n');
}
