import { AsyncResource } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';
import type { FastifyReply } from 'fastify';

/**
 * Calls `done` once when a request ends: its response was sent, or the client disconnected. A pipelined request that
 * waits for an earlier one has no response stream yet; its request ends with the connection. `done` runs in the asynchronous
 * context of the caller, so that its log lines have the trace id of the request.
 */
export function onRequestEnd({ request, raw }: FastifyReply, done: () => void): void {
  const { socket } = request.raw;
  const bound = AsyncResource.bind(done);
  let hasEnded = false;
  const end = (): void => {
    // The response and its connection may close in the same tick; both listeners then run before `off` takes effect.
    if (hasEnded) return;
    hasEnded = true;
    raw.off('close', end);
    socket.off('close', end);
    bound();
  };
  setMaxListeners(0, raw, socket);
  raw.once('close', end);
  socket.once('close', end);
}

/** True when the client disconnected before the response was complete. */
export function isAbandoned({ request, raw }: FastifyReply): boolean {
  return !raw.writableFinished && (request.raw.socket.destroyed || raw.destroyed);
}
