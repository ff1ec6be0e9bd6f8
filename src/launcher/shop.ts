import type { Instance } from '../console/instance.ts';
import { LOOPBACK } from '../lib/net/listen.ts';
import type { ServiceName } from '../topology.ts';
import type { Launchable } from './services.ts';

/** A running shop. Disposing it stops every service, callers before the services they call. */
export type RunningShop = AsyncDisposable & {
  /** `host:port` of the storefront. */
  readonly frontendAddress: string;
  /** Address of each service as its callers use it: `host:port`, or `ipv4:host:port,host:port` for replicas. */
  readonly addresses: ReadonlyMap<ServiceName, string>;
  /** Turns readiness off: the first step of a shutdown. */
  readonly startDraining: () => void;
};

/** A shop whose processes the console can watch. */
export type ObservedShop = RunningShop & { readonly instances: readonly Instance[] };

/** @throws {Error} when the service has not started */
export function addressOf(addresses: ReadonlyMap<ServiceName, string>, name: ServiceName): string {
  const address = addresses.get(name);
  if (address === undefined) throw new Error(`${name} has not started`);
  return address;
}

/**
 * Waits until all have settled before it rejects with the first failure, so that clean-up meets nothing that is still
 * starting.
 */
export async function allStarted<T>(starting: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(starting);
  return await Promise.all(starting);
}

/**
 * The variables that say where a service listens: the storefront on its configured address; other services, and all
 * metrics, on a loopback port that the system chooses.
 */
export function listenVariables(name: Launchable, frontend: { host: string; port: number }): Record<string, string> {
  const metrics = { METRICS_HOST: LOOPBACK, METRICS_PORT: '0' };
  return name === 'frontend'
    ? { HOST: frontend.host, PORT: String(frontend.port), ...metrics }
    : { HOST: LOOPBACK, PORT: '0', ...metrics };
}
