import { z } from 'zod';
import { type Environment, peerAddress, port, readConfig } from '../lib/config/config.ts';
import type { ServerConfig } from '../lib/grpc/server.ts';
import {
  type ClientConfig,
  clientConfig,
  clientVariables,
  type ProcessConfig,
  processConfig,
  serverConfig,
  serverVariables,
} from '../lib/process/process-config.ts';
import { topology } from '../topology.ts';

/** The environment variables it reads. */
export const recommendationVariables = z.object({
  ...serverVariables,
  ...clientVariables,
  PORT: port().default(topology.recommendationservice.port),
  PRODUCT_CATALOG_SERVICE_ADDR: peerAddress(),
});

/** The services it calls. */
export type RecommendationPeer = 'productcatalogservice';

export type RecommendationConfig = ProcessConfig &
  ClientConfig & {
    readonly server: ServerConfig;
    readonly peers: Readonly<Record<RecommendationPeer, string>>;
  };

/**
 * Reads the configuration of the recommendation service.
 *
 * @throws {ConfigError} that lists every problem
 */
export function readRecommendationConfig(env: Environment): RecommendationConfig {
  const values = readConfig(recommendationVariables, env);
  return {
    ...processConfig(values),
    server: serverConfig(values),
    ...clientConfig(values),
    peers: { productcatalogservice: values.PRODUCT_CATALOG_SERVICE_ADDR },
  };
}
