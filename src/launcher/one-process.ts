import type { Environment } from '../lib/config/config.ts';
import type { ProcessConfig } from '../lib/process/process-config.ts';
import type { RunningService, Runtime } from '../lib/runtime/runtime.ts';
import { type ServiceName, startWaves } from '../topology.ts';
import { type Launchable, loadService, upstreamAddresses } from './services.ts';
import { addressOf, allStarted, listenVariables, type RunningShop } from './shop.ts';

/** How a shop of one process is started. */
export type OneProcessOptions = {
  /** Variables for the services; where they listen and find each other is not taken from it. */
  readonly env: Environment;
  /** Where the storefront listens; port 0 lets the system choose one. */
  readonly frontend: { readonly host: string; readonly port: number };
  readonly runtimeOf: (name: Launchable, config: ProcessConfig) => Runtime | Promise<Runtime>;
  /** Puts something between a service and its callers: answers the address they are told instead of its own. */
  readonly interpose?: (name: Launchable, address: string) => Promise<string>;
};

/**
 * Starts the whole shop in this process, with real gRPC over loopback between the services.
 *
 * @throws {ConfigError} when a service cannot use its configuration
 * @throws {Error} when an address is taken; what had started is stopped
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
