import { PaymentServiceDefinition } from '../genproto/hipstershop/payment.ts';
import { startGrpcServer } from '../lib/grpc/server.ts';
import type { RunningService, Runtime } from '../lib/runtime/runtime.ts';
import { withDatabase } from '../lib/store/with-database.ts';
import { topology } from '../topology.ts';
import { openLmdbChargeStore } from './charge-store.lmdb.ts';
import type { PaymentConfig } from './config.ts';
import { paymentEvents } from './events.ts';
import { paymentHandlers } from './handlers.ts';

/**
 * Starts the payment service.
 *
 * @throws {ConfigError} when its data cannot be opened
 * @throws {Error} when its address is taken
 */
export async function start(config: PaymentConfig, runtime: Runtime): Promise<RunningService> {
  const { now, newId, service } = runtime;
  return await withDatabase({ ...config, service }, async (database) => {
    return await startGrpcServer({
      definition: PaymentServiceDefinition,
      handlers: paymentHandlers({ store: openLmdbChargeStore(database), events: paymentEvents(runtime), now, newId }),
      protoFile: topology.paymentservice.protoFile,
      config: config.server,
      runtime,
      defaultDeadlineMs: 2000,
    });
  });
}
