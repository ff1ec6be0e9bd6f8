import { ConfigError, type Environment, environment } from './config.ts';
import { stopOnSignal } from './lifecycle.ts';
import { createLogger, type LogLevel } from './logger.ts';
import { type RunningService, type Runtime, runningService, systemRuntime } from './runtime.ts';
import { startTracing } from './telemetry/tracing.ts';
import type { TracingConfig } from './telemetry/tracing-config.ts';
import { codeVersion } from './version.ts';

/** What every service's configuration carries for its process. */
export type ProcessConfig = {
  readonly logLevel: LogLevel;
  readonly tracing: TracingConfig;
  readonly shutdown: { readonly delayMs: number; readonly limitMs: number };
};

/** A service as a process sees it. */
export type ServiceEntry<C extends ProcessConfig> = {
  readonly name: string;
  /** True for a service whose callers are not ours to trust. */
  readonly isEdge?: boolean;
  readonly readConfig: (env: Environment) => C;
  /** `flush` sends what is buffered of the traces: for a process that ends by itself, and not by a signal. */
  readonly start: (config: C, runtime: Runtime, flush: () => Promise<void>) => Promise<RunningService>;
};

/**
 * Runs a service as this process: reads its configuration, starts it, stops it on a signal. A configuration that
 * cannot be used, or an address that is taken, is one clear message and exit 1.
 */
export async function serviceMain<C extends ProcessConfig>(entry: ServiceEntry<C>): Promise<void> {
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
  const tracing = await startTracing({ ...identity, config: config.tracing, isEdge: entry.isEdge ?? false });
  const runtime = systemRuntime({ ...identity, log, tracer: tracing.tracer });
  const flush = async (): Promise<void> => await tracing[Symbol.asyncDispose]();
  try {
    const running = await entry.start(config, runtime, flush);
    // Last of all: what was buffered on the way out is sent too.
    stopOnSignal(runningService(running, [flush]), log, config.shutdown);
    // Not `address`: that is where a shopper lives, and redacted.
    log.info({ listening: running.address }, 'started');
  } catch (error) {
    log.fatal({ err: error }, 'could not start');
    process.exitCode = 1;
    // Whatever was opened before the failure must not keep a broken process alive.
    setTimeout(() => process.exit(1), 1000).unref();
  }
}
