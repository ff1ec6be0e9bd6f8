import type { Environment } from '../lib/config.ts';
import { type ServiceName, serviceNames } from '../topology.ts';

/** A row of what the launcher prints. */
export type ServiceRow = { readonly service: ServiceName; readonly address: string; readonly state: string };

/** One row a service and process, in the order of the topology. */
export function serviceRows(addresses: ReadonlyMap<ServiceName, string>, env: Environment): ServiceRow[] {
  return serviceNames.flatMap((service): ServiceRow[] => {
    const address = addresses.get(service);
    if (address === undefined) return [{ service, address: '-', state: 'not started: make load' }];
    const state =
      service === 'cartservice'
        ? `ready, carts in ${env.REDIS_ADDR ? `Redis at ${env.REDIS_ADDR}` : 'memory'}`
        : 'ready';
    return address
      .replace(/^ipv4:/, '')
      .split(',')
      .map((one) => ({ service, address: one, state }));
  });
}

/** What the launcher prints once the shop is open. */
export function openingText(
  rows: readonly ServiceRow[],
  shop: { url: string; version: string; mails: string; traces: string },
): string {
  const line = (columns: readonly string[]): string =>
    `  ${(columns[0] ?? '').padEnd(24)}${(columns[1] ?? '').padEnd(18)}${columns[2] ?? ''}`;
  return [
    `Mercato ${shop.version}`,
    '',
    line(['service', 'address', 'state']),
    ...rows.map(({ service, address, state }) => line([service, address, state])),
    '',
    `  Open   ${shop.url}`,
    `  Mail   ${shop.mails}`,
    `  Traces ${shop.traces}`,
    '  Stop   Ctrl-C',
    '',
  ].join('\n');
}
