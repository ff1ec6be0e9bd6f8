import { status } from '@grpc/grpc-js';
import type { Logger } from '../log/logger.ts';
import { callLines } from './log-lines.ts';
import type { ServerCall, ServerStep } from './server-call.ts';
import { failureOf } from './status.ts';

/**
 * Maps an error of the handler to a failure. This is the innermost step, so no other step sees an exception. A bug after
 * the caller has its response is part of no outcome, so it is logged here.
 */
export function mapErrors(log: Logger): ServerStep {
  return (next) => async (call) => {
    try {
      return await next(call);
    } catch (error) {
      const failure = failureOf(error);
      if (call.signal.aborted && failure.code === status.INTERNAL) logLateBug(log, call, error);
      return { failure, error };
    }
  };
}

// A handler is expected to throw AbortError after a cancellation.
function logLateBug(log: Logger, { rpc, requestId }: ServerCall, error: unknown): void {
  if (typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError') return;
  log.write(callLines.failedLate, { rpc, requestId, err: error });
}
