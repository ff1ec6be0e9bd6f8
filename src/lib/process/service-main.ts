import { ConfigError, type Environment, environment } from '../config/config.ts';
import { startMetricsServer } from '../http/metrics-server.ts';
import { createLogger } from '../log/logger.ts';
import { serviceMetrics } from '../metrics/metrics.ts';
import { addProcessMetrics } from '../metrics/process-metrics.ts';
import { withTimeLimit } from '../net/with-time-limit.ts';
import { type RunningService, type Runtime, systemRuntime } from '../runtime/runtime.ts';
import { codeVersion } from '../runtime/version.ts';
import { startTracing } from '../telemetry/tracing.ts';
import { endedInTime, exitOnEarlySignal, shutdownShares, stopOnSignal } from './lifecycle.ts';
import { processLines } from './log-lines.ts';
import type { ProcessConfig } from './process-config.ts';

/** What the process provides to a service in addition to its configuration. */
export type ProcessTools = {
  /** Exports the buffered spans: for a process that ends by itself and not on a signal. */
  readonly flush: () => Promise<void>;
  /** `host:port` of the metrics server. */
  readonly metricsAddress: string;
};

/** The entry point of a service. */
export type ServiceEntry<C extends ProcessConfig> = {
  readonly name: string;
  /** True for a service with untrusted callers. */
  readonly isEdge?: boolean;
  readonly readConfig: (env: Environment) => C;
  readonly start: (config: C, runtime: Runtime, tools: ProcessTools) => Promise<RunningService>;
};

/**
 * Runs a service in this process: reads its configuration, starts it, and shuts it down on a signal. An invalid configuration
 * is printed to stderr, a failed start is logged; both exit 1.
 */
export async function serviceMain<C extends ProcessConfig>(entry: ServiceEntry<C>): Promise<void> {
  const removeEarlyExit = exitOnEarlySignal();
  let config: C;
  try {
    config = entry.readConfig(environment());
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${entry.name}: ${error.message}\n`);
    process.exitCode = 1;
    return;
  }
  const identity = { service: entry.name, version: codeVersion() };
  const log = createLogger(identity, { level: config.logLevel });
  try {
    await run(entry, config, { ...identity, log, removeEarlyExit });
  } catch (error) {
    log.write(processLines.startFailed, { err: error });
    process.exitCode = 1;
    // Handles opened before the failure must not keep the process alive.
    setTimeout(() => process.exit(1), 1000).unref();
  }
}

async function run<C extends ProcessConfig>(
  entry: ServiceEntry<C>,
  config: C,
  { removeEarlyExit, ...identity }: Pick<Runtime, 'service' | 'version' | 'log'> & { removeEarlyExit: () => void },
): Promise<void> {
  const { log } = identity;
  const metrics = serviceMetrics(identity);
  addProcessMetrics(metrics);
  const isEdge = entry.isEdge ?? false;
  const tracing = await startTracing({ ...identity, config: config.tracing, isEdge, metrics });
  const runtime = systemRuntime({ ...identity, metrics, tracer: tracing.tracer });
  const { closeMs, flushMs } = shutdownShares(config.shutdown);
  const flush = async (): Promise<void> =>
    await withTimeLimit(flushMs, Promise.resolve(tracing[Symbol.asyncDispose]()));
  const offered = await startMetricsServer({ config: config.metrics, metrics, log });
  const closeMetrics = async (): Promise<void> => await offered[Symbol.asyncDispose]();
  try {
    const running = await entry.start(config, runtime, { flush, metricsAddress: offered.address });
    removeEarlyExit();
    stopOnSignal(endedInTime(running, { closeMs, flush, closeMetrics }), log, config.shutdown);
    log.write(processLines.started, { listening: running.address, metrics: offered.address });
  } catch (error) {
    await closeMetrics();
    throw error;
  }
}
