import { z } from 'zod';
import { type Environment, expecting, flag, integer, port, readVariables } from '../lib/config/config.ts';
import type { LogLevel } from '../lib/log/logger.ts';
import { commonVariables } from '../lib/process/process-config.ts';

const CONSOLE_PORT = expecting('a port, or off');

/** The environment variables the launcher reads for itself; all others go to the services as they are. */
export const launcherVariables = z.object({
  // One line a call would bury the table of services.
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
  /** Where the storefront listens; the other services listen on loopback. */
  readonly host: string;
  readonly port: number;
  /** One operating system process a service, instead of one for all. */
  readonly perService: boolean;
  /** Processes of each service that can be shared; with `perService` only. */
  readonly replicas: number;
  /** Where the console listens on loopback, and whether somebody asked for that port; `undefined` for no console. */
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
