import { ShippingServiceDefinition } from '../genproto/hipstershop/shipping.ts';
import { startGrpcServer } from '../lib/grpc/server.ts';
import type { RunningService, Runtime } from '../lib/runtime/runtime.ts';
import { withDatabase } from '../lib/store/with-database.ts';
import { topology } from '../topology.ts';
import type { ShippingConfig } from './config.ts';
import { shippingEvents } from './events.ts';
import { shippingHandlers } from './handlers.ts';
import { openLmdbShipmentStore } from './shipment-store.lmdb.ts';

/**
 * Starts the shipping service.
 *
 * @throws {ConfigError} when its data cannot be opened
 * @throws {Error} when its address is taken
 */
export async function start(config: ShippingConfig, runtime: Runtime): Promise<RunningService> {
  const { newId, service } = runtime;
  return await withDatabase({ ...config, service }, async (database) => {
    return await startGrpcServer({
      definition: ShippingServiceDefinition,
      handlers: shippingHandlers({ store: openLmdbShipmentStore(database), events: shippingEvents(runtime), newId }),
      protoFile: topology.shippingservice.protoFile,
      config: config.server,
      runtime,
      defaultDeadlineMs: 2000,
    });
  });
}
