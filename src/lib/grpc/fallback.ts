import { status } from '@grpc/grpc-js';
import { PeerError } from './peer-error.ts';

/** A peer that lacks an RPC is not asked for it again for this long, in milliseconds. */
export const FALLBACK_MEMORY_MS = 60_000;

/**
 * Prefers a newer RPC over an older way to the same answer: when the peer answers UNIMPLEMENTED the older way is taken,
 * and taken at once for the next minute.
 *
 * @param now milliseconds since 1970
 */
export function withFallback<Args extends unknown[], Result>(
  now: () => number,
  preferred: (...args: Args) => Promise<Result>,
  older: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  let lackingUntilMs = 0;
  return async (...args) => {
    if (now() < lackingUntilMs) return await older(...args);
    try {
      return await preferred(...args);
    } catch (error) {
      if (!isUnimplemented(error)) throw error;
      lackingUntilMs = now() + FALLBACK_MEMORY_MS;
      return await older(...args);
    }
  };
}

/** True when a peer answered that it does not know the RPC: it is of the original protocol. */
export function isUnimplemented(error: unknown): boolean {
  return error instanceof PeerError && error.code === status.UNIMPLEMENTED;
}
