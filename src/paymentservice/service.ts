import { PaymentServiceDefinition } from '../genproto/hipstershop/payment.ts';
import { startGrpcServer } from '../lib/grpc/server.ts';
import { type RunningService, type Runtime, runningService } from '../lib/runtime/runtime.ts';
import { openEmbeddedDatabase } from '../lib/store/embedded-database.ts';
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
  const database = await openEmbeddedDatabase({ dataDirectory: config.dataDirectory, service });
  const close = async (): Promise<void> => await database[Symbol.asyncDispose]();
  const store = openLmdbChargeStore(database);
  try {
    const server = await startGrpcServer({
      definition: PaymentServiceDefinition,
      handlers: paymentHandlers({ store, events: paymentEvents(runtime), now, newId }),
      protoFile: topology.paymentservice.protoFile,
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
