import { setTimeout } from 'node:timers/promises';
import type { ServiceDefinition } from '../lib/grpc/definition.ts';
import type { Handlers } from '../lib/grpc/server.ts';

/** Waits; rejects when the signal aborts. */
type Delay = (ms: number, value: undefined, options: { signal: AbortSignal }) => Promise<void>;

/** Delays every RPC by `latencyMs`. A call that is cancelled meanwhile does not reach its handler. */
export function withExtraLatency<D extends ServiceDefinition>(
  handlers: Handlers<D>,
  latencyMs: number,
  delay: Delay = setTimeout,
): Handlers<D> {
  if (latencyMs === 0) return handlers;
  const slow =
    (handler: Handlers<D>[keyof Handlers<D>]): Handlers<D>[keyof Handlers<D>] =>
    async (request, call) => {
      await delay(latencyMs, undefined, { signal: call.signal });
      return await handler(request, call);
    };
  const slowed = Object.entries<Handlers<D>[keyof Handlers<D>]>(handlers).map(([rpc, handler]) => [rpc, slow(handler)]);
  return Object.fromEntries(slowed) as Handlers<D>;
}
