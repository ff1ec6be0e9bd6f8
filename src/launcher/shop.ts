import type { Instance } from '../console/instance.ts';
import { LOOPBACK } from '../lib/net/listen.ts';
import type { ServiceName } from '../topology.ts';
import type { Launchable } from './services.ts';

/** A shop that runs on this machine. Disposing it stops every service, callers before those they call. */
export type RunningShop = AsyncDisposable & {
  /** Where the storefront answers: `host:port`. */
  readonly frontendAddress: string;
  /** Where each service answers, as its callers are told: `host:port`, or `ipv4:host:port,host:port` for several. */
  readonly addresses: ReadonlyMap<ServiceName, string>;
  /** Begins the end: readiness off. */
  readonly startDraining: () => void;
};

/** A shop whose services can be watched. */
export type ObservedShop = RunningShop & { readonly instances: readonly Instance[] };

/** The address of a service that must have started. */
export function addressOf(addresses: ReadonlyMap<ServiceName, string>, name: ServiceName): string {
  const address = addresses.get(name);
  if (address === undefined) throw new Error(`${name} has not started`);
  return address;
}

/**
 * Waits for all of them, and only then rejects if one did: whoever cleans up after it meets nothing that still starts.
 */
export async function allStarted<T>(starting: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(starting);
  return await Promise.all(starting);
}

/**
 * Where a service listens: the storefront where it was asked for, the others, and all metrics, on a port of loopback the
 * system chooses.
 */
export function listenVariables(name: Launchable, frontend: { host: string; port: number }): Record<string, string> {
  const metrics = { METRICS_HOST: LOOPBACK, METRICS_PORT: '0' };
  return name === 'frontend'
    ? { HOST: frontend.host, PORT: String(frontend.port), ...metrics }
    : { HOST: LOOPBACK, PORT: '0', ...metrics };
}
