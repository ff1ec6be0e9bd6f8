import { setTimeout } from 'node:timers/promises';
import type { ServiceDefinition } from '../lib/grpc/definition.ts';
import type { Handlers } from '../lib/grpc/server.ts';

/**
 * Makes every RPC take so much longer, in milliseconds. The wait ends with the call: nobody is served who hung up.
 */
export function withExtraLatency<D extends ServiceDefinition>(handlers: Handlers<D>, latencyMs: number): Handlers<D> {
  if (latencyMs === 0) return handlers;
  const slow =
    (handler: Handlers<D>[keyof Handlers<D>]): Handlers<D>[keyof Handlers<D>] =>
    async (request, call) => {
      await setTimeout(latencyMs, undefined, { signal: call.signal });
      return await handler(request, call);
    };
  const slowed = Object.entries<Handlers<D>[keyof Handlers<D>]>(handlers).map(([rpc, handler]) => [rpc, slow(handler)]);
  return Object.fromEntries(slowed) as Handlers<D>;
}
