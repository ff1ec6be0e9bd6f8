import { AsyncResource } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';
import type { FastifyReply } from 'fastify';

/**
 * Tells once when a request is over: it was answered, or the client is gone. A request that waits in a pipeline behind
 * another has no connection of its own yet, so it is the connection's end that says so then. It is told in the context of
 * the caller of this function, and not in that of the connection: what it logs belongs to the request's trace.
 */
export function whenOver({ request, raw }: FastifyReply, tell: () => void): void {
  const { socket } = request.raw;
  const told = AsyncResource.bind(tell);
  let isOver = false;
  const over = (): void => {
    // The connection's end may be what ends the answer: then both are told of it, and taking back comes too late.
    if (isOver) return;
    isOver = true;
    raw.off('close', over);
    socket.off('close', over);
    told();
  };
  setMaxListeners(0, raw, socket);
  raw.once('close', over);
  socket.once('close', over);
}

/** True when the client left before it had its answer. */
export function isAbandoned({ request, raw }: FastifyReply): boolean {
  return !raw.writableFinished && (request.raw.socket.destroyed || raw.destroyed);
}
