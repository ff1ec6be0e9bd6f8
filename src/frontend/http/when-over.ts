import { setMaxListeners } from 'node:events';
import type { FastifyReply } from 'fastify';

/**
 * Tells once when a request is over: it was answered, or the client is gone. A request that waits in a pipeline behind
 * another has no connection of its own yet, so it is the connection's end that says so then.
 */
export function whenOver({ request, raw }: FastifyReply, tell: () => void): void {
  const { socket } = request.raw;
  let isOver = false;
  const over = (): void => {
    // The connection's end may be what ends the answer: then both are told of it, and taking back comes too late.
    if (isOver) return;
    isOver = true;
    raw.off('close', over);
    socket.off('close', over);
    tell();
  };
  setMaxListeners(0, raw, socket);
  raw.once('close', over);
  socket.once('close', over);
}

/** True when the client left before it had its answer. */
export function isAbandoned({ request, raw }: FastifyReply): boolean {
  return !raw.writableFinished && (request.raw.socket.destroyed || raw.destroyed);
}
