import { z } from 'zod';
import { expecting, integer, secretVariables } from '../config/config.ts';
import { type PostgresAddress, parsePostgresUrl, postgresUrl } from '../config/postgres-url.ts';
import type { ServerConfig } from '../grpc/server.ts';
import type { LogLevel } from '../log/logger.ts';
import { type MetricsConfig, metricsConfig, metricsVariables } from '../metrics/metrics-config.ts';
import { type TracingConfig, tracingConfig, tracingVariables } from '../telemetry/tracing-config.ts';
import { type ShutdownTimes, shutdownShares } from './lifecycle.ts';

/** The process part of each service's configuration. */
export type ProcessConfig = {
  readonly logLevel: LogLevel;
  readonly tracing: TracingConfig;
  readonly metrics: MetricsConfig;
  readonly shutdown: ShutdownTimes;
};

/** The variables of every service. Spread them into the schema of a service. */
export const commonVariables = {
  ...tracingVariables,
  ...metricsVariables,
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], expecting('fatal, error, warn, info, debug or silent'))
    .default('info')
    .describe('the least severe level that is logged: `fatal`, `error`, `warn`, `info`, `debug`, or `silent` for none'),
  SHUTDOWN_DELAY_MS: integer({ min: 0, max: 60_000 })
    .default(0)
    .describe(
      'after SIGTERM or SIGINT: milliseconds between "not ready" and refusing new calls, so that load balancers notice',
    ),
  SHUTDOWN_LIMIT_MS: integer({ min: 100, max: 300_000 })
    .default(10_000)
    .describe(
      'milliseconds from the first signal to the end of the process. Calls in flight may use this time minus the delay and minus 3.5 seconds (with a short limit: half of it); the export of spans may use two seconds',
    ),
};

/** The variables of every gRPC server. */
export const serverVariables = {
  ...commonVariables,
  HOST: z.string().default('0.0.0.0').describe('the address to bind to; by default every interface'),
  MAX_CONCURRENT_CALLS: integer({ min: 1, max: 100_000 })
    .default(200)
    .describe('the largest number of calls in flight; one more gets RESOURCE_EXHAUSTED'),
  MAX_CONNECTION_AGE_MS: integer({ min: 0, max: 86_400_000 })
    .default(60_000)
    .describe(
      'milliseconds after which a connection of a client is renewed, so that the client discovers new replicas; `0`: never',
    ),
};

/** What every service reads that stores data. */
export const storeVariables = {
  DATA_DIR: z
    .string()
    .default('var/data')
    .describe('the folder of the databases, one folder per service in it; it must be on a local disk'),
};

/** The part of a configuration that concerns stored data. */
export type StoreConfig = {
  /** The folder of the databases. */
  readonly dataDirectory: string;
};

/** Reads the part of a configuration that concerns stored data. */
export function storeConfig(values: z.output<z.ZodObject<typeof storeVariables>>): StoreConfig {
  return { dataDirectory: values.DATA_DIR };
}

/** What a service reads whose data can be in PostgreSQL. */
export const databaseVariables = {
  ...storeVariables,
  ...secretVariables(
    'DATABASE_URL',
    postgresUrl()
      .optional()
      .describe(
        'the PostgreSQL database, as `postgres://user:password@host:port/database`; without it the data is in `DATA_DIR`. `{service}` in it stands for the name of the service. TLS: add `?sslmode=verify-full`, with `&sslrootcert=FILE` for an authority of your own',
      ),
  ),
};

/** The part of a configuration that concerns data in PostgreSQL. */
export type DatabaseConfig = StoreConfig & {
  /** `undefined`: the data is in the data directory. */
  readonly postgres: PostgresAddress | undefined;
};

/** Reads the part of a configuration that concerns data in PostgreSQL. */
export function databaseConfig(
  service: string,
  values: z.output<z.ZodObject<typeof databaseVariables>>,
): DatabaseConfig {
  const { DATABASE_URL: url } = values;
  return { ...storeConfig(values), postgres: url === undefined ? undefined : parsePostgresUrl(url, service) };
}

/** The part of a configuration that concerns the process. */
export function processConfig(values: z.output<z.ZodObject<typeof commonVariables>>): ProcessConfig {
  return {
    logLevel: values.LOG_LEVEL,
    tracing: tracingConfig(values),
    metrics: metricsConfig(values),
    shutdown: shutdownTimes(values),
  };
}

function shutdownTimes(
  values: Pick<z.output<z.ZodObject<typeof commonVariables>>, 'SHUTDOWN_DELAY_MS' | 'SHUTDOWN_LIMIT_MS'>,
): ShutdownTimes {
  return { delayMs: values.SHUTDOWN_DELAY_MS, limitMs: values.SHUTDOWN_LIMIT_MS };
}

/** The part of a configuration that concerns the gRPC server. */
export function serverConfig(values: z.output<z.ZodObject<typeof serverVariables>> & { PORT: number }): ServerConfig {
  return {
    host: values.HOST,
    port: values.PORT,
    maxConcurrentCalls: values.MAX_CONCURRENT_CALLS,
    maxConnectionAgeMs: values.MAX_CONNECTION_AGE_MS,
    drainLimitMs: shutdownShares(shutdownTimes(values)).drainMs,
  };
}

/** The part of a configuration that concerns calls to upstreams. */
export type ClientConfig = {
  /** False where a mesh retries. */
  readonly retries: boolean;
};

/** The variables of every gRPC client. */
export const clientVariables = {
  GRPC_RETRIES: z
    .enum(['on', 'off'], expecting('on or off'))
    .default('on')
    .describe(
      '`on`: reads are retried on UNAVAILABLE, at most twice. `off`: no retries, because a mesh retries them. Writes are never retried',
    ),
};

/** Reads the part of a configuration that concerns calls to upstreams. */
export function clientConfig(values: z.output<z.ZodObject<typeof clientVariables>>): ClientConfig {
  return { retries: values.GRPC_RETRIES === 'on' };
}
