import { ShippingServiceDefinition } from '../genproto/hipstershop/shipping.ts';
import { startGrpcServer } from '../lib/grpc/server.ts';
import type { RunningService, Runtime } from '../lib/runtime/runtime.ts';
import { withStore } from '../lib/store/postgres/with-store.ts';
import { topology } from '../topology.ts';
import type { ShippingConfig } from './config.ts';
import { shippingEvents } from './events.ts';
import { shippingHandlers } from './handlers.ts';
import { openLmdbShipmentStore } from './shipment-store.lmdb.ts';
import { openPostgresShipmentStore, shipmentMigrations } from './shipment-store.postgres.ts';

/**
 * Starts the shipping service.
 *
 * @throws {ConfigError} when its database cannot be used
 * @throws {Error} when its address is taken
 */
export async function start(config: ShippingConfig, runtime: Runtime): Promise<RunningService> {
  const { newId } = runtime;
  const adapters = {
    postgres: { migrations: shipmentMigrations, open: openPostgresShipmentStore },
    lmdb: { open: openLmdbShipmentStore },
  };
  return await withStore({ ...config, runtime }, adapters, async (store, onReady) => {
    const server = await startGrpcServer({
      definition: ShippingServiceDefinition,
      handlers: shippingHandlers({ store, events: shippingEvents(runtime), newId }),
      protoFile: topology.shippingservice.protoFile,
      config: config.server,
      runtime,
      defaultDeadlineMs: 2000,
    });
    onReady(server.setReady);
    return server;
  });
}
