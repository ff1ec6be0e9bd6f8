import { z } from 'zod';
import { type Environment, expecting, flag, integer, port, readVariables } from '../lib/config/config.ts';
import type { LogLevel } from '../lib/log/logger.ts';
import { commonVariables } from '../lib/process/process-config.ts';

const CONSOLE_PORT = expecting('a port, or off');

/** The launcher's own environment variables; every other variable is passed on to the services. */
export const launcherVariables = z.object({
  // One log line per call would scroll the table of services away.
  LOG_LEVEL: commonVariables.LOG_LEVEL.unwrap().default('warn'),
  SHUTDOWN_LIMIT_MS: commonVariables.SHUTDOWN_LIMIT_MS,
  HOST: z.string().default('127.0.0.1'),
  PORT: port().default(8080),
  PER_SERVICE: flag().default(false),
  REPLICAS: integer({ min: 1, max: 8 }).default(1),
  CONSOLE_PORT: z
    .string(CONSOLE_PORT)
    .regex(/^(?:off|\d{1,5})$/, CONSOLE_PORT)
    .transform((value) => (value === 'off' ? value : Number(value)))
    .refine((value) => value === 'off' || value <= 65_535, CONSOLE_PORT)
    .default(8090),
});

export type LauncherConfig = {
  readonly logLevel: LogLevel;
  readonly shutdownLimitMs: number;
  /** Host of the storefront; the other services listen on loopback. */
  readonly host: string;
  readonly port: number;
  /** One operating system process per service instead of one for all. */
  readonly perService: boolean;
  /** Processes of each service without state of its own; only with `perService`. */
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
