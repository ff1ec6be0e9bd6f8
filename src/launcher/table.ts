import { type Instance, LAUNCHER } from '../console/instance.ts';
import type { Environment } from '../lib/config/config.ts';
import { serviceNames } from '../topology.ts';

/** A row of what the launcher prints. */
export type ServiceRow = Instance & { readonly state: string };

/** One row a service and process, in the order of the topology, and at the end one for the process of them all. */
export function serviceRows(instances: readonly Instance[], env: Environment): ServiceRow[] {
  const launcher = instances.filter(({ service }) => service === LAUNCHER);
  const services = serviceNames.flatMap((service): ServiceRow[] => {
    const rows = instances.filter((instance) => instance.service === service);
    if (rows.length === 0) return [{ service, address: '-', metrics: '-', state: 'not started: make load' }];
    const state =
      service === 'cartservice'
        ? `ready, carts in ${env.REDIS_ADDR ? `Redis at ${env.REDIS_ADDR}` : 'memory'}`
        : 'ready';
    return rows.map((row) => ({ ...row, state }));
  });
  return [
    ...services,
    ...launcher.map((row) => ({ ...row, state: 'the process of them all: CPU, memory, event loop' })),
  ];
}

/** What the launcher prints once the shop is open. */
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
