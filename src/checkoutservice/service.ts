import { setTimeout as pause } from 'node:timers/promises';
import { CheckoutServiceDefinition } from '../genproto/hipstershop/checkout.ts';
import { startGrpcServer } from '../lib/grpc/server.ts';
import { type RunningService, type Runtime, runningService } from '../lib/runtime/runtime.ts';
import { type OnReady, withStore } from '../lib/store/postgres/with-store.ts';
import { topology } from '../topology.ts';
import { openUpstreams } from '../upstreams.ts';
import { measureBacklog } from './backlog.ts';
import type { CheckoutConfig } from './config.ts';
import { checkoutEvents } from './events.ts';
import { checkoutHandlers } from './handlers.ts';
import { repeatOnTimer } from './saga/heartbeat.ts';
import { orderRunner } from './saga/order-runner.ts';
import { placeOrder } from './saga/place-order.ts';
import { recovery } from './saga/recovery.ts';
import { startSweeping } from './saga/sweeper.ts';
import { orderAdapters } from './store/order-adapters.ts';
import type { OrderStore } from './store/order-store.ts';
import { cartClient } from './upstreams/cart-client.ts';
import { catalogueClient } from './upstreams/catalogue-client.ts';
import { currencyClient } from './upstreams/currency-client.ts';
import { emailClient } from './upstreams/email-client.ts';
import { paymentClient } from './upstreams/payment-client.ts';
import { shippingClient } from './upstreams/shipping-client.ts';

/**
 * Starts the checkout service. Disposing it finishes the orders in progress first.
 *
 * @throws {ConfigError} when its database cannot be used
 * @throws {Error} when its address is taken
 */
export async function start(config: CheckoutConfig, runtime: Runtime): Promise<RunningService> {
  const { orderLeaseMs: leaseMs } = config;
  const { newId } = runtime;
  const adapters = orderAdapters({ newId, leaseMs });
  return await withStore({ ...config, runtime }, adapters, (store, onReady) =>
    startOn({ store, onReady }, config, runtime),
  );
}

async function startOn(
  { store, onReady }: { readonly store: OrderStore; readonly onReady: OnReady },
  config: CheckoutConfig,
  runtime: Runtime,
): Promise<RunningService> {
  const { now, newId, tracer } = runtime;
  const upstreams = openUpstreams('checkoutservice', config, runtime);
  const cart = cartClient(upstreams.calls.cartservice);
  const shipping = shippingClient(upstreams.calls.shippingservice);
  const payment = paymentClient(upstreams.calls.paymentservice);
  const catalogue = catalogueClient(upstreams.calls.productcatalogservice, now);
  const currency = currencyClient(upstreams.calls.currencyservice, now);
  const email = emailClient(upstreams.calls.emailservice);

  measureBacklog(runtime.metrics, store, now);
  const events = checkoutEvents(runtime);
  const steps = { store, payment, shipping, cart, events, now, pause };
  const runner = orderRunner({ ...steps, leaseMs: config.orderLeaseMs, repeat: repeatOnTimer });
  const sweeper = startSweeping(recovery({ store, runner, cart, email, events, now, newId, tracer }), runtime);
  const close = async (): Promise<void> => {
    await runner.idle();
    await sweeper.stop();
    upstreams[Symbol.dispose]();
  };
  const place = placeOrder({ store, runner, cart, catalogue, currency, shipping, events, now, newId });
  const placeAndSweep: typeof place = async (command, call) => {
    try {
      return await place(command, call);
    } finally {
      // Send the mail of the order without waiting for the next interval.
      sweeper.wake();
    }
  };
  try {
    const server = await startGrpcServer({
      definition: CheckoutServiceDefinition,
      handlers: checkoutHandlers({ placeOrder: placeAndSweep, store }),
      protoFile: topology.checkoutservice.protoFile,
      config: config.server,
      runtime,
      defaultDeadlineMs: 10_000,
    });
    onReady(server.setReady);
    return runningService(server, [close]);
  } catch (error) {
    await close();
    throw error;
  }
}
