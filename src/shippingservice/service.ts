import { ShippingServiceDefinition } from '../genproto/hipstershop/shipping.ts';
import { startGrpcServer } from '../lib/grpc/server.ts';
import { type RunningService, type Runtime, runningService } from '../lib/runtime/runtime.ts';
import { openEmbeddedDatabase } from '../lib/store/embedded-database.ts';
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
  const database = await openEmbeddedDatabase({ dataDirectory: config.dataDirectory, service });
  const close = async (): Promise<void> => await database[Symbol.asyncDispose]();
  const store = openLmdbShipmentStore(database);
  try {
    const server = await startGrpcServer({
      definition: ShippingServiceDefinition,
      handlers: shippingHandlers({ store, events: shippingEvents(runtime), newId }),
      protoFile: topology.shippingservice.protoFile,
      config: config.server,
      runtime,
      defaultDeadlineMs: 2000,
    });
    return runningService(server, [close]);
  } catch (error) {
    await close();
    throw error;
  }
}
