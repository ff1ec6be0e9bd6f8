import { z } from 'zod';
import { type Environment, hostAndPort, port, readVariables } from '../lib/config/config.ts';
import type { ServerConfig } from '../lib/grpc/server.ts';
import { type ProcessConfig, processConfig, serverConfig, serverVariables } from '../lib/process/process-config.ts';
import { topology } from '../topology.ts';

/** The environment variables it reads. */
export const variables = z.object({
  ...serverVariables,
  PORT: port().default(topology.cartservice.port),
  REDIS_ADDR: hostAndPort().optional(),
});

export type CartConfig = ProcessConfig & {
  readonly server: ServerConfig;
  /** `host:port` of Redis; `undefined` keeps the carts in memory. */
  readonly redisAddress: string | undefined;
};

/**
 * Reads the configuration of the cart service.
 *
 * @throws {ConfigError} that lists every problem
 */
export function readConfig(env: Environment): CartConfig {
  const values = readVariables(variables, env);
  return { ...processConfig(values), server: serverConfig(values), redisAddress: values.REDIS_ADDR };
}
