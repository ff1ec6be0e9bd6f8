import { z } from 'zod';
import { type Environment, hostAndPort, listeningPort, readVariables } from '../lib/config/config.ts';
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
  PORT: listeningPort(topology.cartservice.port),
  REDIS_ADDR: hostAndPort()
    .optional()
    .describe('`host:port` of the Redis that stores the carts; without it they are in `DATA_DIR`'),
});

export type CartConfig = ProcessConfig &
  StoreConfig & {
    readonly server: ServerConfig;
    /** `host:port` of Redis; `undefined` stores the carts in files. */
    readonly redisAddress: string | undefined;
  };

/**
 * Reads the configuration of the cart service.
 *
 * @throws {ConfigError} that lists every problem
 */
export function readConfig(env: Environment): CartConfig {
  const values = readVariables(variables, env);
  return {
    ...processConfig(values),
    server: serverConfig(values),
    ...storeConfig(values),
    redisAddress: values.REDIS_ADDR,
  };
}
