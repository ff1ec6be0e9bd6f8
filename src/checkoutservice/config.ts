import { z } from 'zod';
import { type Environment, listeningPort, readVariables } from '../lib/config/config.ts';
import type { ServerConfig } from '../lib/grpc/server.ts';
import { type ProcessConfig, processConfig, serverConfig, serverVariables } from '../lib/process/process-config.ts';
import { topology } from '../topology.ts';
import { type UpstreamConfig, upstreamConfig, upstreamVariables } from '../upstreams.ts';

/** The environment variables it reads. */
export const variables = z.object({
  ...serverVariables,
  ...upstreamVariables('checkoutservice'),
  PORT: listeningPort(topology.checkoutservice.port),
});

export type CheckoutConfig = ProcessConfig & UpstreamConfig<'checkoutservice'> & { readonly server: ServerConfig };

/**
 * Reads the configuration of the checkout service.
 *
 * @throws {ConfigError} that lists every problem
 */
export function readConfig(env: Environment): CheckoutConfig {
  const values = readVariables(variables, env);
  return {
    ...processConfig(values),
    server: serverConfig(values),
    ...upstreamConfig('checkoutservice', values),
  };
}
