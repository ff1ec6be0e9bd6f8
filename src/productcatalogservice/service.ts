import { ProductCatalogServiceDefinition } from '../genproto/hipstershop/product_catalog.ts';
import { startGrpcServer } from '../lib/grpc/server.ts';
import type { RunningService, Runtime } from '../lib/runtime/runtime.ts';
import { topology } from '../topology.ts';
import { catalogueOf } from './catalogue.ts';
import type { ProductCatalogConfig } from './config.ts';
import { withExtraLatency } from './extra-latency.ts';
import { productCatalogHandlers } from './handlers.ts';
import { readProducts } from './products.ts';

/**
 * Starts the product catalogue.
 *
 * @throws {Error} when its address is taken
 */
export async function start(config: ProductCatalogConfig, runtime: Runtime): Promise<RunningService> {
  const handlers = productCatalogHandlers({ catalogue: catalogueOf(readProducts()) });
  return await startGrpcServer({
    definition: ProductCatalogServiceDefinition,
    handlers: withExtraLatency(handlers, config.extraLatencyMs),
    protoFile: topology.productcatalogservice.protoFile,
    config: config.server,
    runtime,
    // The added latency must not fail a call without a deadline.
    defaultDeadlineMs: 2000 + config.extraLatencyMs,
  });
}
