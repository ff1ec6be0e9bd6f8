import { type handleUnaryCall, Server, ServerCredentials } from '@grpc/grpc-js';
import { CheckoutServiceDefinition } from '../genproto/hipstershop/checkout.ts';
import { wireMethods } from '../lib/grpc/definition.ts';

/** A checkoutservice that fails every PlaceOrder with a bare status, as a proxy or Online Boutique's does: no ErrorInfo. */
export async function startPlainCheckout(failure: {
  code: number;
  details: string;
}): Promise<AsyncDisposable & { readonly address: string }> {
  const placeOrder: handleUnaryCall<unknown, unknown> = (_call, callback) => callback(failure);
  const server = new Server();
  server.addService(wireMethods(CheckoutServiceDefinition), { placeOrder });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}
