import type { Environment } from '../lib/config/config.ts';
import type { ProcessConfig } from '../lib/process/process-config.ts';
import type { RunningService, Runtime } from '../lib/runtime/runtime.ts';
import { type ServerName, type ServiceName, topology, upstreamsOf } from '../topology.ts';

/** A service that the launcher can run. */
export type Launchable = ServerName;

export type LoadedService = {
  /**
   * Reads the configuration, and returns it with a function that starts the service.
   *
   * @throws {ConfigError} that lists every problem
   */
  readonly configure: (env: Environment) => {
    readonly config: ProcessConfig;
    readonly start: (runtime: Runtime) => Promise<RunningService>;
  };
};

/** What `config.ts` and `service.ts` of every service export. */
type ServiceModules<C extends ProcessConfig> = {
  readonly readConfig: (env: Environment) => C;
  readonly start: (config: C, runtime: Runtime) => Promise<RunningService>;
};

function loaded<C extends ProcessConfig>({ readConfig, start }: ServiceModules<C>): LoadedService {
  return {
    configure: (env) => {
      const config = readConfig(env);
      return { config, start: (runtime) => start(config, runtime) };
    },
  };
}

// Loaded on demand, so that a process of one service does not load the code of all. The imports are literal, so that the
// compiler checks them.
const LOADERS: Readonly<Record<Launchable, () => Promise<LoadedService>>> = {
  // generated: loaders, by make generate from src/topology.ts
  adservice: async () =>
    loaded({ ...(await import('../adservice/config.ts')), ...(await import('../adservice/service.ts')) }),
  cartservice: async () =>
    loaded({ ...(await import('../cartservice/config.ts')), ...(await import('../cartservice/service.ts')) }),
  checkoutservice: async () =>
    loaded({ ...(await import('../checkoutservice/config.ts')), ...(await import('../checkoutservice/service.ts')) }),
  currencyservice: async () =>
    loaded({ ...(await import('../currencyservice/config.ts')), ...(await import('../currencyservice/service.ts')) }),
  emailservice: async () =>
    loaded({ ...(await import('../emailservice/config.ts')), ...(await import('../emailservice/service.ts')) }),
  frontend: async () =>
    loaded({ ...(await import('../frontend/config.ts')), ...(await import('../frontend/service.ts')) }),
  paymentservice: async () =>
    loaded({ ...(await import('../paymentservice/config.ts')), ...(await import('../paymentservice/service.ts')) }),
  productcatalogservice: async () =>
    loaded({
      ...(await import('../productcatalogservice/config.ts')),
      ...(await import('../productcatalogservice/service.ts')),
    }),
  recommendationservice: async () =>
    loaded({
      ...(await import('../recommendationservice/config.ts')),
      ...(await import('../recommendationservice/service.ts')),
    }),
  shippingservice: async () =>
    loaded({ ...(await import('../shippingservice/config.ts')), ...(await import('../shippingservice/service.ts')) }),
  // /generated: loaders
};

export async function loadService(name: Launchable): Promise<LoadedService> {
  return await LOADERS[name]();
}

export function isLaunchable(name: string): name is Launchable {
  return Object.hasOwn(LOADERS, name);
}

/** True for a service whose callers are untrusted: browsers. */
export function isEdge(name: Launchable): boolean {
  return topology[name].protocol === 'http';
}

/** The environment variables that name the addresses of the upstreams of a service. */
export function upstreamAddresses(
  name: Launchable,
  addressOf: (upstream: ServiceName) => string,
): Record<string, string> {
  return Object.fromEntries(
    upstreamsOf(name).map((upstream) => [topology[upstream].addressVariable, addressOf(upstream)]),
  );
}
