import { z } from 'zod';
import {
  type Environment,
  expecting,
  flag,
  integer,
  port,
  readVariables,
  secretVariables,
} from '../lib/config/config.ts';
import { postgresUrl, SERVICE_PLACEHOLDER } from '../lib/config/postgres-url.ts';
import type { LogLevel } from '../lib/log/logger.ts';
import { commonVariables } from '../lib/process/process-config.ts';

const CONSOLE_PORT = expecting('a port, or off');

const ONE_DATABASE_EACH = `${SERVICE_PLACEHOLDER} in the URL, because each service has its own database: postgres://${SERVICE_PLACEHOLDER}@host/${SERVICE_PLACEHOLDER}`;

/** The launcher's own environment variables; every other variable is passed on to the services. */
export const launcherVariables = z.object({
  // One log line per call would scroll the table of services away.
  LOG_LEVEL: commonVariables.LOG_LEVEL.unwrap()
    .default('warn')
    .describe('as below, for the launcher and every service; `info` logs one line per call'),
  SHUTDOWN_LIMIT_MS: commonVariables.SHUTDOWN_LIMIT_MS.describe(
    'milliseconds from Ctrl-C until everything has stopped; with `PER_SERVICE`, a service that still runs after three fifths of it is killed',
  ),
  HOST: z
    .string()
    .default('127.0.0.1')
    .describe('the address that the storefront binds to; the other services always bind to loopback'),
  PORT: port().default(8080).describe('the port of the storefront'),
  PER_SERVICE: flag()
    .default(false)
    .describe('one operating system process per service, restarted when it exits, instead of one process for all'),
  REPLICAS: integer({ min: 1, max: 8 })
    .default(1)
    .describe(
      'processes of each service, at most 8; those of one service share its data; more than one implies `PER_SERVICE`',
    ),
  CONSOLE_PORT: z
    .string(CONSOLE_PORT)
    .regex(/^(?:off|\d{1,5})$/, CONSOLE_PORT)
    .transform((value) => (value === 'off' ? value : Number(value)))
    .refine((value) => value === 'off' || value <= 65_535, CONSOLE_PORT)
    .default(8090)
    .describe(
      'the port of the console, on loopback. If the default is taken, or is the port of the storefront, the system chooses another. `off`: no console, and no traces unless they are sent elsewhere',
    ),
  ...secretVariables(
    'DATABASE_URL',
    postgresUrl()
      .refine((url) => url.includes(SERVICE_PLACEHOLDER), expecting(ONE_DATABASE_EACH))
      .optional()
      .describe('as below; `{service}` is required in it, such as `postgres://{service}@127.0.0.1/{service}`'),
  ),
});

export type LauncherConfig = {
  readonly logLevel: LogLevel;
  readonly shutdownLimitMs: number;
  /** Host of the storefront; the other services listen on loopback. */
  readonly host: string;
  readonly port: number;
  /** One operating system process per service instead of one for all. */
  readonly perService: boolean;
  /** Processes of each service; only with `perService`. */
  readonly replicas: number;
  /** Loopback port of the console, and whether CONSOLE_PORT was set; `undefined` when the console is off. */
  readonly console: { readonly port: number; readonly isAsked: boolean } | undefined;
};

/**
 * Reads the configuration of the launcher.
 *
 * @throws {ConfigError} that lists every problem
 */
export function readLauncherConfig(env: Environment): LauncherConfig {
  const values = readVariables(launcherVariables, env);
  return {
    logLevel: values.LOG_LEVEL,
    shutdownLimitMs: values.SHUTDOWN_LIMIT_MS,
    host: values.HOST,
    port: values.PORT,
    perService: values.PER_SERVICE || values.REPLICAS > 1,
    replicas: values.REPLICAS,
    console:
      values.CONSOLE_PORT === 'off' ? undefined : { port: values.CONSOLE_PORT, isAsked: Boolean(env.CONSOLE_PORT) },
  };
}
