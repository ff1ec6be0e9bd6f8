import { PaymentServiceDefinition } from '../genproto/hipstershop/payment.ts';
import { startGrpcServer } from '../lib/grpc/server.ts';
import type { RunningService, Runtime } from '../lib/runtime/runtime.ts';
import { withStore } from '../lib/store/postgres/with-store.ts';
import { topology } from '../topology.ts';
import { openLmdbChargeStore } from './charge-store.lmdb.ts';
import { chargeMigrations, openPostgresChargeStore } from './charge-store.postgres.ts';
import type { PaymentConfig } from './config.ts';
import { paymentEvents } from './events.ts';
import { paymentHandlers } from './handlers.ts';

/**
 * Starts the payment service.
 *
 * @throws {ConfigError} when its database cannot be used
 * @throws {Error} when its address is taken
 */
export async function start(config: PaymentConfig, runtime: Runtime): Promise<RunningService> {
  const { now, newId } = runtime;
  const adapters = {
    postgres: { migrations: chargeMigrations, open: openPostgresChargeStore },
    lmdb: { open: openLmdbChargeStore },
  };
  return await withStore({ ...config, runtime }, adapters, async (store, onReady) => {
    const server = await startGrpcServer({
      definition: PaymentServiceDefinition,
      handlers: paymentHandlers({ store, events: paymentEvents(runtime), now, newId }),
      protoFile: topology.paymentservice.protoFile,
      config: config.server,
      runtime,
      defaultDeadlineMs: 2000,
    });
    onReady(server.setReady);
    return server;
  });
}
