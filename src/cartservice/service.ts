import { CartServiceDefinition } from '../genproto/hipstershop/cart.ts';
import { startGrpcServer } from '../lib/grpc/server.ts';
import { type RunningService, type Runtime, runningService } from '../lib/runtime/runtime.ts';
import { topology } from '../topology.ts';
import { openLmdbCartStore } from './cart-store.lmdb.ts';
import { openRedisCartStore } from './cart-store.redis.ts';
import type { CartConfig } from './config.ts';
import { cartEvents } from './events.ts';
import { cartHandlers } from './handlers.ts';

/**
 * Starts the cart service. It also starts while Redis is unavailable and becomes ready when Redis is reachable.
 *
 * @throws {ConfigError} when its data cannot be opened
 * @throws {Error} when its address is in use
 */
export async function start(config: CartConfig, runtime: Runtime): Promise<RunningService> {
  const store =
    config.redisAddress === undefined
      ? await openLmdbCartStore({ ...runtime, dataDirectory: config.dataDirectory })
      : openRedisCartStore({ ...runtime, address: config.redisAddress });
  try {
    const server = await startGrpcServer({
      definition: CartServiceDefinition,
      handlers: cartHandlers({ store, events: cartEvents(runtime) }),
      protoFile: topology.cartservice.protoFile,
      config: config.server,
      runtime,
      defaultDeadlineMs: 2000,
    });
    store.onReady(server.setReady);
    return runningService(server, [() => store.close()]);
  } catch (error) {
    await store.close();
    throw error;
  }
}
