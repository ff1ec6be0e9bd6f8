import { PaymentServiceDefinition } from '../genproto/hipstershop/payment.ts';
import { startGrpcServer } from '../lib/grpc/server.ts';
import type { RunningService, Runtime } from '../lib/runtime/runtime.ts';
import { topology } from '../topology.ts';
import { openChargeStore } from './charge-store.ts';
import type { PaymentConfig } from './config.ts';
import { paymentEvents } from './events.ts';
import { paymentHandlers } from './handlers.ts';

/**
 * Starts the payment service.
 *
 * @throws {Error} when its address is taken
 */
export async function start(config: PaymentConfig, runtime: Runtime): Promise<RunningService> {
  const { now, newId } = runtime;
  return await startGrpcServer({
    definition: PaymentServiceDefinition,
    handlers: paymentHandlers({ store: openChargeStore({ now }), events: paymentEvents(runtime), now, newId }),
    protoFile: topology.paymentservice.protoFile,
    config: config.server,
    runtime,
    defaultDeadlineMs: 2000,
  });
}
