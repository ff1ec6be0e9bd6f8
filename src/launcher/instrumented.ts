import { type Instance, LAUNCHER } from '../console/instance.ts';
import type { Environment } from '../lib/config/config.ts';
import { startMetricsServer } from '../lib/http/metrics-server.ts';
import type { Logger } from '../lib/log/logger.ts';
import { type Metrics, serviceMetrics } from '../lib/metrics/metrics.ts';
import { addProcessMetrics } from '../lib/metrics/process-metrics.ts';
import { LOOPBACK } from '../lib/net/listen.ts';
import type { ProcessConfig } from '../lib/process/process-config.ts';
import { type Runtime, systemRuntime } from '../lib/runtime/runtime.ts';
import { startTracing } from '../lib/telemetry/tracing.ts';
import type { ServiceName } from '../topology.ts';
import { startInOneProcess } from './one-process.ts';
import { isEdge, type Launchable } from './services.ts';
import { addressOf, type ObservedShop } from './shop.ts';

const ANY_PORT = { host: LOOPBACK, port: 0 };

export type InstrumentedOptions = {
  readonly env: Environment;
  readonly frontend: { readonly host: string; readonly port: number };
  readonly version: string;
  /** Logger of a service, or of the launcher itself. */
  readonly logOf: (name: Instance['service']) => Logger;
};

/**
 * Starts the whole shop in this process, each service with its own tracer, metrics and logger. Metrics of the process as a
 * whole, such as its memory, are those of the launcher.
 *
 * @throws {ConfigError} when a service cannot use its configuration
 * @throws {Error} when an address is taken; the services that had started are stopped
 */
export async function startInstrumented(options: InstrumentedOptions): Promise<ObservedShop> {
  const { env, frontend, version, logOf } = options;
  const opened: AsyncDisposable[] = [];
  const metricsAddresses = new Map<ServiceName, string>();
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((one) => one[Symbol.asyncDispose]()));
  };
  const offer = async (metrics: Metrics, config: ProcessConfig['metrics'], log: Logger): Promise<string> => {
    const server = await startMetricsServer({ config, metrics, log });
    opened.push(server);
    return server.address;
  };
  const runtimeOf = async (service: Launchable, config: ProcessConfig): Promise<Runtime> => {
    const log = logOf(service);
    const identity = { service, version, log, metrics: serviceMetrics({ service, version, log }) };
    const tracing = await startTracing({ ...identity, config: config.tracing, isEdge: isEdge(service) });
    opened.push(tracing);
    metricsAddresses.set(service, await offer(identity.metrics, config.metrics, identity.log));
    return systemRuntime({ ...identity, tracer: tracing.tracer });
  };
  try {
    const own = serviceMetrics({ service: LAUNCHER, version });
    addProcessMetrics(own);
    const launcher = { service: LAUNCHER, address: '-', metrics: await offer(own, ANY_PORT, logOf(LAUNCHER)) } as const;
    const shop = await startInOneProcess({ env, frontend, runtimeOf });
    const services = [...metricsAddresses].map(([service, metrics]) => {
      return { service, address: addressOf(shop.addresses, service), metrics };
    });
    const stop = async (): Promise<void> => {
      try {
        await shop[Symbol.asyncDispose]();
      } finally {
        await close();
      }
    };
    return { ...shop, instances: [...services, launcher], [Symbol.asyncDispose]: stop };
  } catch (error) {
    await close();
    throw error;
  }
}
