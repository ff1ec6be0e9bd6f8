import { status } from '@grpc/grpc-js';
import type { Instance } from '../console/instance.ts';
import type { ReadOrderEvents } from '../console/order-page.tsx';
import { CheckoutServiceDefinition } from '../genproto/hipstershop/checkout.ts';
import { beginCall } from '../lib/grpc/call-context.ts';
import { connectUpstream } from '../lib/grpc/client.ts';
import { UpstreamError } from '../lib/grpc/upstream-error.ts';

const LIMIT_MS = 2000;

/** Reads the events of orders from checkoutservice. All replicas share its data. */
export function orderEventsFrom(instances: readonly Instance[]): ReadOrderEvents {
  return async (orderId) => {
    const instance = instances.find(({ service }) => service === 'checkoutservice');
    if (instance === undefined) return undefined;
    using upstream = connectUpstream(CheckoutServiceDefinition, { to: 'checkoutservice', address: instance.address });
    using call = beginCall({ budgetMs: LIMIT_MS, requestId: 'console' });
    try {
      const { events } = await upstream.calls.getOrderEvents({ orderId }, call);
      return events.map(({ time, ...event }) => ({
        ...event,
        atMs: Number(time?.seconds ?? 0n) * 1000 + (time?.nanos ?? 0) / 1e6,
      }));
    } catch (error) {
      const isUnknown =
        error instanceof UpstreamError && [status.NOT_FOUND, status.INVALID_ARGUMENT].includes(error.code);
      if (isUnknown) return undefined;
      throw error;
    }
  };
}
