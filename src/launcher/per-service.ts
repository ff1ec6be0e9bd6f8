import type { Environment } from '../lib/config/config.ts';
import type { Logger } from '../lib/log/logger.ts';
import { type ServiceName, startWaves } from '../topology.ts';
import type { TakeLine } from './log-lines.ts';
import { type Launchable, upstreamAddresses } from './services.ts';
import { addressOf, allStarted, listenVariables, type ObservedShop } from './shop.ts';
import { killAfterMs, serviceLimitMs } from './stop-times.ts';
import { type SupervisedProcess, startSupervised } from './supervised-process.ts';

/** Options of a shop with one process per service. */
export type PerServiceOptions = {
  readonly env: Environment;
  readonly frontend: { readonly host: string; readonly port: number };
  /** Processes per stateless service. */
  readonly replicas: number;
  readonly log: Logger;
  /** Called with each log line of the services. */
  readonly takeLine: TakeLine;
  /** Limit of the whole shutdown, in milliseconds. */
  readonly shutdownLimitMs: number;
};

/**
 * Starts one process per service, or `replicas` of them that the callers balance their calls over.
 *
 * @throws {Error} when a service does not start; the services that had started are stopped
 */
export async function startPerService(options: PerServiceOptions): Promise<ObservedShop> {
  const { log, takeLine, shutdownLimitMs } = options;
  const processes: SupervisedProcess[] = [];
  const addresses = new Map<ServiceName, string>();
  const stop = async (): Promise<void> => {
    const beganMs = performance.now();
    // Callers stop before the services they call, so calls in flight can finish.
    for (const [index, wave] of [...startWaves()].reverse().entries()) {
      const limitMs = killAfterMs(shutdownLimitMs, performance.now() - beganMs, index);
      await Promise.all(processes.filter(({ name }) => wave.includes(name)).map((process) => process.stop(limitMs)));
    }
  };
  const startOne = async (name: Launchable, replica: number): Promise<SupervisedProcess> => {
    const { host, port } = options.frontend;
    const env = {
      ...options.env,
      SHUTDOWN_LIMIT_MS: String(serviceLimitMs(shutdownLimitMs)),
      ...upstreamAddresses(name, (upstream) => addressOf(addresses, upstream)),
      ...listenVariables(name, { host, port: replica === 0 ? port : 0 }),
    };
    const started = await startSupervised({ name, env, log, takeLine });
    processes.push(started);
    return started;
  };
  const startAll = async (name: Launchable): Promise<void> => {
    const replicas = await allStarted(
      Array.from({ length: options.replicas }, (_, replica) => startOne(name, replica)),
    );
    const all = replicas.map(({ address }) => address);
    addresses.set(name, all.length === 1 ? all.join() : `ipv4:${all.join(',')}`);
  };
  try {
    for (const wave of startWaves()) await allStarted(wave.map(startAll));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    frontendAddress: firstAddress(addresses),
    addresses,
    instances: processes.map(({ name, address, metrics }) => ({ service: name, address, metrics })),
    startDraining: () => {},
    [Symbol.asyncDispose]: stop,
  };
}

// Only the first replica listens on the configured port.
function firstAddress(addresses: ReadonlyMap<ServiceName, string>): string {
  const [first = ''] = addressOf(addresses, 'frontend').replace('ipv4:', '').split(',');
  return first;
}
