import { ProductCatalogServiceService } from '../genproto/hipstershop/product_catalog.ts';
import { RecommendationServiceService } from '../genproto/hipstershop/recommendation.ts';
import { openPeers } from '../lib/grpc/peers.ts';
import { startGrpcServer } from '../lib/grpc/server.ts';
import { type RunningService, type Runtime, runningService } from '../lib/runtime/runtime.ts';
import { readRpcs, topology } from '../topology.ts';
import type { RecommendationConfig } from './config.ts';
import { recommendationHandlers } from './handlers.ts';
import { keepCatalogue } from './kept-catalogue.ts';
import { warmUp } from './warm-up.ts';

/**
 * Starts the recommendation service. It is not ready before it has loaded the catalogue once; with the catalogue away it
 * starts all the same, and becomes ready by itself.
 *
 * @throws {Error} when its address is taken
 */
export async function startRecommendationService(
  config: RecommendationConfig,
  runtime: Runtime,
): Promise<RunningService> {
  const { now, log, newId, randomBelow } = runtime;
  const peers = openPeers({
    runtime,
    definitions: { productcatalogservice: ProductCatalogServiceService },
    addresses: config.peers,
    retries: config.retries,
    readRpcs,
  });
  try {
    const { listProducts } = peers.calls.productcatalogservice;
    const catalogue = keepCatalogue({ load: async (call) => (await listProducts({}, call)).products, now, log });
    const server = await startGrpcServer({
      definition: RecommendationServiceService,
      handlers: recommendationHandlers({ catalogue, randomBelow }),
      protoFile: topology.recommendationservice.protoFile,
      config: config.server,
      runtime,
      defaultDeadlineMs: 2000,
    });
    server.setReady(false);
    const stopWarmUp = warmUp({
      load: () => catalogue.products(newId()),
      onWarm: () => server.setReady(true),
      log,
    });
    return runningService(server, [stopWarmUp, catalogue.close, () => peers[Symbol.dispose]()]);
  } catch (error) {
    peers[Symbol.dispose]();
    throw error;
  }
}
