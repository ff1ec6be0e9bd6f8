import { status } from '@grpc/grpc-js';
import type { Logger } from '../log/logger.ts';
import { callLines } from './log-lines.ts';
import type { ServerCall, ServerStep } from './server-call.ts';
import { failureOf } from './status.ts';

/**
 * Maps what the handler throws to a failure, in one place. Last of the steps: no other one sees an exception. A bug after
 * the caller has its answer is in no outcome, so it is logged here.
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

// After a cancellation AbortError is what a handler is expected to throw.
function logLateBug(log: Logger, { rpc, requestId }: ServerCall, error: unknown): void {
  if (typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError') return;
  log.write(callLines.failedLate, { rpc, requestId, err: error });
}
