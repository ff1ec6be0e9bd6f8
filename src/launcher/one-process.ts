import type { Environment } from '../lib/config/config.ts';
import type { ProcessConfig } from '../lib/process/process-config.ts';
import type { RunningService, Runtime } from '../lib/runtime/runtime.ts';
import { type ServiceName, startWaves } from '../topology.ts';
import { type Launchable, loadService, upstreamAddresses } from './services.ts';
import { addressOf, allStarted, listenVariables, type RunningShop } from './shop.ts';

/** Options of a shop in one process. */
export type OneProcessOptions = {
  /** Variables for the services; ports and upstream addresses in it are overridden. */
  readonly env: Environment;
  /** Address of the storefront; port 0 lets the system choose one. */
  readonly frontend: { readonly host: string; readonly port: number };
  readonly runtimeOf: (name: Launchable, config: ProcessConfig) => Runtime | Promise<Runtime>;
  /** Puts a proxy between a service and its callers: returns the address that callers get instead of the service's. */
  readonly interpose?: (name: Launchable, address: string) => Promise<string>;
};

/**
 * Starts the whole shop in this process, with real gRPC over loopback between the services.
 *
 * @throws {ConfigError} when a service cannot use its configuration
 * @throws {Error} when an address is taken; the services that had started are stopped
 */
export async function startInOneProcess(options: OneProcessOptions): Promise<RunningShop> {
  const running: RunningService[] = [];
  const addresses = new Map<ServiceName, string>();
  const stop = async (): Promise<void> => {
    for (const service of [...running].reverse()) await service[Symbol.asyncDispose]();
  };
  const startOne = async (name: Launchable): Promise<RunningService> => {
    const service = (await loadService(name)).configure({
      ...options.env,
      ...upstreamAddresses(name, (upstream) => addressOf(addresses, upstream)),
      ...listenVariables(name, options.frontend),
    });
    const started = await service.start(await options.runtimeOf(name, service.config));
    running.push(started);
    addresses.set(name, (await options.interpose?.(name, started.address)) ?? started.address);
    return started;
  };
  try {
    for (const wave of startWaves()) await allStarted(wave.map(startOne));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    frontendAddress: addressOf(addresses, 'frontend'),
    addresses,
    startDraining: () => {
      for (const service of running) service.startDraining();
    },
    [Symbol.asyncDispose]: stop,
  };
}
