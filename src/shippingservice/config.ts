import { z } from 'zod';
import { type Environment, listeningPort, readVariables } from '../lib/config/config.ts';
import type { ServerConfig } from '../lib/grpc/server.ts';
import {
  type DatabaseConfig,
  databaseConfig,
  databaseVariables,
  type ProcessConfig,
  processConfig,
  serverConfig,
  serverVariables,
} from '../lib/process/process-config.ts';
import { topology } from '../topology.ts';

/** The environment variables it reads. */
export const variables = z.object({
  ...serverVariables,
  ...databaseVariables,
  PORT: listeningPort(topology.shippingservice.port),
});

export type ShippingConfig = ProcessConfig & DatabaseConfig & { readonly server: ServerConfig };

/**
 * Reads the configuration of the shipping service.
 *
 * @throws {ConfigError} that lists every problem
 */
export function readConfig(env: Environment): ShippingConfig {
  const values = readVariables(variables, env);
  return { ...processConfig(values), server: serverConfig(values), ...databaseConfig('shippingservice', values) };
}
