import { status } from '@grpc/grpc-js';
import { UpstreamError } from './upstream-error.ts';

/** How long UNIMPLEMENTED is remembered before the newer RPC is tried again, in milliseconds. */
export const FALLBACK_MEMORY_MS = 60_000;

/**
 * Calls a newer RPC, and an older equivalent when the upstream returns UNIMPLEMENTED. For the next minute only the older
 * one is called.
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

/** True for UNIMPLEMENTED: the upstream implements the original protocol, which lacks the RPC. */
export function isUnimplemented(error: unknown): boolean {
  return error instanceof UpstreamError && error.code === status.UNIMPLEMENTED;
}
