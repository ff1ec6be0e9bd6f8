import { z } from 'zod';
import { type Environment, listeningPort, readVariables } from '../lib/config/config.ts';
import type { ServerConfig } from '../lib/grpc/server.ts';
import {
  type ProcessConfig,
  processConfig,
  type StoreConfig,
  serverConfig,
  serverVariables,
  storeConfig,
  storeVariables,
} from '../lib/process/process-config.ts';
import { topology } from '../topology.ts';

/** The environment variables it reads. */
export const variables = z.object({
  ...serverVariables,
  ...storeVariables,
  PORT: listeningPort(topology.shippingservice.port),
});

export type ShippingConfig = ProcessConfig & StoreConfig & { readonly server: ServerConfig };

/**
 * Reads the configuration of the shipping service.
 *
 * @throws {ConfigError} that lists every problem
 */
export function readConfig(env: Environment): ShippingConfig {
  const values = readVariables(variables, env);
  return { ...processConfig(values), server: serverConfig(values), ...storeConfig(values) };
}
