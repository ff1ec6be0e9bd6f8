import { type handleUnaryCall, Server } from '@grpc/grpc-js';
import { CheckoutServiceDefinition } from '../genproto/hipstershop/checkout.ts';
import { wireMethods } from '../lib/grpc/definition.ts';
import { hostPort, LOOPBACK, listen } from '../lib/net/listen.ts';

/** A checkoutservice that fails every PlaceOrder with a bare status, as a proxy or Online Boutique's does: no ErrorInfo. */
export async function startPlainCheckout(failure: {
  code: number;
  details: string;
}): Promise<AsyncDisposable & { readonly address: string }> {
  const placeOrder: handleUnaryCall<unknown, unknown> = (_call, callback) => callback(failure);
  const server = new Server();
  server.addService(wireMethods(CheckoutServiceDefinition), { placeOrder });
  const port = await listen(server, { host: LOOPBACK, port: 0 });
  return {
    address: hostPort(LOOPBACK, port),
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}
