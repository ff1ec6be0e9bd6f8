import type { Environment } from '../lib/config/config.ts';
import type { ProcessConfig } from '../lib/process/process-config.ts';
import type { RunningService, Runtime } from '../lib/runtime/runtime.ts';
import { peersOf, type ServerName, type ServiceName, topology } from '../topology.ts';

/** A service the launcher can run. */
export type Launchable = ServerName;

/** A service, ready to be configured and started. */
export type LoadedService = {
  /**
   * Reads the configuration, and answers how the process ends and how the service starts with it.
   *
   * @throws {ConfigError} that lists every problem
   */
  readonly configure: (env: Environment) => {
    readonly config: ProcessConfig;
    readonly start: (runtime: Runtime) => Promise<RunningService>;
  };
};

function loaded<C extends ProcessConfig>(
  readConfig: (env: Environment) => C,
  start: (config: C, runtime: Runtime) => Promise<RunningService>,
): LoadedService {
  return {
    configure: (env) => {
      const config = readConfig(env);
      return { config, start: (runtime) => start(config, runtime) };
    },
  };
}

// Loaded when asked for, so that a process of one service does not carry the code of all.
const LOADERS: Readonly<Record<Launchable, () => Promise<LoadedService>>> = {
  adservice: async () =>
    loaded(
      (await import('../adservice/config.ts')).readAdConfig,
      (await import('../adservice/service.ts')).startAdService,
    ),
  cartservice: async () =>
    loaded(
      (await import('../cartservice/config.ts')).readCartConfig,
      (await import('../cartservice/service.ts')).startCartService,
    ),
  checkoutservice: async () =>
    loaded(
      (await import('../checkoutservice/config.ts')).readCheckoutConfig,
      (await import('../checkoutservice/service.ts')).startCheckoutService,
    ),
  currencyservice: async () =>
    loaded(
      (await import('../currencyservice/config.ts')).readCurrencyConfig,
      (await import('../currencyservice/service.ts')).startCurrencyService,
    ),
  emailservice: async () =>
    loaded(
      (await import('../emailservice/config.ts')).readEmailConfig,
      (await import('../emailservice/service.ts')).startEmailService,
    ),
  frontend: async () =>
    loaded(
      (await import('../frontend/config.ts')).readFrontendConfig,
      (await import('../frontend/service.ts')).startFrontend,
    ),
  paymentservice: async () =>
    loaded(
      (await import('../paymentservice/config.ts')).readPaymentConfig,
      (await import('../paymentservice/service.ts')).startPaymentService,
    ),
  productcatalogservice: async () =>
    loaded(
      (await import('../productcatalogservice/config.ts')).readProductCatalogConfig,
      (await import('../productcatalogservice/service.ts')).startProductCatalogService,
    ),
  recommendationservice: async () =>
    loaded(
      (await import('../recommendationservice/config.ts')).readRecommendationConfig,
      (await import('../recommendationservice/service.ts')).startRecommendationService,
    ),
  shippingservice: async () =>
    loaded(
      (await import('../shippingservice/config.ts')).readShippingConfig,
      (await import('../shippingservice/service.ts')).startShippingService,
    ),
};

/** Loads the code of a service. */
export async function loadService(name: Launchable): Promise<LoadedService> {
  return await LOADERS[name]();
}

/** True for the name of a service the launcher can run. */
export function isLaunchable(name: string): name is Launchable {
  return Object.hasOwn(LOADERS, name);
}

/** True for a service whose callers are not ours to trust: browsers. */
export function isEdge(name: Launchable): boolean {
  return topology[name].protocol === 'http';
}

/** The variables in which a service finds its peers. */
export function peerVariables(name: Launchable, addressOf: (peer: ServiceName) => string): Record<string, string> {
  return Object.fromEntries(peersOf(name).map((peer) => [topology[peer].addressVariable, addressOf(peer)]));
}
