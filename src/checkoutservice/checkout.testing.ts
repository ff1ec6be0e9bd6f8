import { CheckoutServiceDefinition, type PlaceOrderRequest } from '../genproto/hipstershop/checkout.ts';
import { type ObservedCall, observingTracer } from '../lib/testing/observed-calls.ts';
import { temporaryFolder } from '../lib/testing/temporary-folder.ts';
import { testClient } from '../lib/testing/test-client.ts';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import type { UpstreamOf } from '../topology.ts';
import { readConfig } from './config.ts';
import { start } from './service.ts';
import { startUpstreamServers, type UpstreamVariant } from './upstream-servers.testing.ts';

/** The address of a test order. Its postal code has a leading zero. */
export const ADDRESS = {
  streetAddress: '1600 Amphitheatre Parkway',
  city: 'Mountain View',
  state: 'CA',
  country: 'United States',
  zipCode: 1234,
  postalCode: '01234',
};
/** A card that payment accepts. */
export const CARD = {
  creditCardNumber: '4432801561520454',
  creditCardCvv: 672,
  creditCardExpirationYear: 2030,
  creditCardExpirationMonth: 1,
};
/** A request to buy the cart in euros. */
export const requestOf = (userId: string, change: Partial<PlaceOrderRequest> = {}): PlaceOrderRequest => ({
  userId,
  userCurrency: 'EUR',
  address: ADDRESS,
  email: 'ann@example.com',
  creditCard: CARD,
  ...change,
});
/** An amount in euros on the wire. */
export const euros = (units: bigint, nanos = 0) => ({ currencyCode: 'EUR', units, nanos });

/** Starts the service with test upstreams and records its calls. */
export async function openCheckout(
  variant: UpstreamVariant = {},
  addresses: Partial<Record<UpstreamOf<'checkoutservice'>, string>> = {},
) {
  const upstreams = await startUpstreamServers(variant);
  const calls: ObservedCall[] = [];
  const runtime = testRuntime({
    service: 'checkoutservice',
    tracer: observingTracer('checkoutservice', (call) => calls.push(call)),
  });
  const at = { ...upstreams.addresses, ...addresses };
  const folder = temporaryFolder();
  const config = readConfig({
    HOST: '127.0.0.1',
    PORT: '0',
    DATA_DIR: folder.path,
    CART_SERVICE_ADDR: at.cartservice,
    CURRENCY_SERVICE_ADDR: at.currencyservice,
    EMAIL_SERVICE_ADDR: at.emailservice,
    PAYMENT_SERVICE_ADDR: at.paymentservice,
    PRODUCT_CATALOG_SERVICE_ADDR: at.productcatalogservice,
    SHIPPING_SERVICE_ADDR: at.shippingservice,
  });
  const service = await start(config, runtime);
  const checkout = testClient(CheckoutServiceDefinition, service.address);
  return {
    checkout,
    service,
    runtime,
    record: upstreams.record,
    rpcs: () => calls.map(({ to, rpc }) => `${to} ${rpc}`),
    [Symbol.asyncDispose]: async () => {
      checkout[Symbol.dispose]();
      await service[Symbol.asyncDispose]();
      await upstreams[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

export type OpenCheckout = Awaited<ReturnType<typeof openCheckout>>;
