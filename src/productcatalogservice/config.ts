import { z } from 'zod';
import { durationMs, type Environment, listeningPort, readVariables } from '../lib/config/config.ts';
import type { ServerConfig } from '../lib/grpc/server.ts';
import { type ProcessConfig, processConfig, serverConfig, serverVariables } from '../lib/process/process-config.ts';
import { topology } from '../topology.ts';

const MAX_EXTRA_LATENCY_MS = 60_000;

/** The environment variables it reads. */
export const variables = z.object({
  ...serverVariables,
  PORT: listeningPort(topology.productcatalogservice.port),
  EXTRA_LATENCY: durationMs()
    .refine((ms) => ms <= MAX_EXTRA_LATENCY_MS, { error: 'a duration of at most 1m, such as 300ms' })
    .default(0)
    .describe('a duration added to every call, to show the effect of a slow service on its callers'),
});

export type ProductCatalogConfig = ProcessConfig & {
  readonly server: ServerConfig;
  /** Added to every call, in milliseconds, to show what a slow service does to its callers. */
  readonly extraLatencyMs: number;
};

/**
 * Reads the configuration of the product catalogue.
 *
 * @throws {ConfigError} that lists every problem
 */
export function readConfig(env: Environment): ProductCatalogConfig {
  const values = readVariables(variables, env);
  return { ...processConfig(values), server: serverConfig(values), extraLatencyMs: values.EXTRA_LATENCY };
}
