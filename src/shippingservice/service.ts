import { ShippingServiceDefinition } from '../genproto/hipstershop/shipping.ts';
import { startGrpcServer } from '../lib/grpc/server.ts';
import type { RunningService, Runtime } from '../lib/runtime/runtime.ts';
import { topology } from '../topology.ts';
import type { ShippingConfig } from './config.ts';
import { shippingEvents } from './events.ts';
import { shippingHandlers } from './handlers.ts';
import { openShipmentStore } from './shipment-store.ts';

/**
 * Starts the shipping service.
 *
 * @throws {Error} when its address is taken
 */
export async function start(config: ShippingConfig, runtime: Runtime): Promise<RunningService> {
  const { now, newId } = runtime;
  return await startGrpcServer({
    definition: ShippingServiceDefinition,
    handlers: shippingHandlers({ store: openShipmentStore({ now }), events: shippingEvents(runtime), newId }),
    protoFile: topology.shippingservice.protoFile,
    config: config.server,
    runtime,
    defaultDeadlineMs: 2000,
  });
}
