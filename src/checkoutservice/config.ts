import { z } from 'zod';
import { type Environment, integer, listeningPort, readVariables } from '../lib/config/config.ts';
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
import { type UpstreamConfig, upstreamConfig, upstreamVariables } from '../upstreams.ts';
import { LEASE_MS } from './store/order-store.ts';

/** The environment variables it reads. */
export const variables = z.object({
  ...serverVariables,
  ...databaseVariables,
  ...upstreamVariables('checkoutservice'),
  PORT: listeningPort(topology.checkoutservice.port),
  ORDER_LEASE_MS: integer({ min: 1000, max: 600_000 })
    .default(LEASE_MS)
    .describe(
      'milliseconds after which the orders of a process that was killed are resumed; a running process renews its leases',
    ),
});

export type CheckoutConfig = ProcessConfig &
  DatabaseConfig &
  UpstreamConfig<'checkoutservice'> & { readonly server: ServerConfig; readonly orderLeaseMs: number };

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
    ...databaseConfig('checkoutservice', values),
    ...upstreamConfig('checkoutservice', values),
    orderLeaseMs: values.ORDER_LEASE_MS,
  };
}
