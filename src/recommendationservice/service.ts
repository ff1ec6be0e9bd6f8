import { RecommendationServiceDefinition } from '../genproto/hipstershop/recommendation.ts';
import { startGrpcServer } from '../lib/grpc/server.ts';
import { type RunningService, type Runtime, runningService } from '../lib/runtime/runtime.ts';
import { topology } from '../topology.ts';
import { openUpstreams } from '../upstreams.ts';
import { cacheCatalogue } from './catalogue-cache.ts';
import type { RecommendationConfig } from './config.ts';
import { recommendationHandlers } from './handlers.ts';
import { warmUp } from './warm-up.ts';

/**
 * Starts the recommendation service. It is ready after the first load of the catalogue. While the catalogue is unavailable,
 * the service starts, is not ready, and retries.
 *
 * @throws {Error} when its address is taken
 */
export async function start(config: RecommendationConfig, runtime: Runtime): Promise<RunningService> {
  const { now, log, newId, randomBelow } = runtime;
  const upstreams = openUpstreams('recommendationservice', config, runtime);
  try {
    const { listProducts } = upstreams.calls.productcatalogservice;
    const catalogue = cacheCatalogue({ load: async (call) => (await listProducts({}, call)).products, now, log });
    const server = await startGrpcServer({
      definition: RecommendationServiceDefinition,
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
    return runningService(server, [stopWarmUp, catalogue.close, () => upstreams[Symbol.dispose]()]);
  } catch (error) {
    upstreams[Symbol.dispose]();
    throw error;
  }
}
