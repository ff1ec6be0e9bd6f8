import { status } from '@grpc/grpc-js';
import { HOP_RESERVE_MS, remainingMs } from './call-context.ts';
import type { ClientStep } from './client-call.ts';
import { rpcName } from './definition.ts';
import { UpstreamError } from './upstream-error.ts';

/**
 * Sets the deadline of the call to the deadline of its context minus the reserve of this hop. Does not send a call whose
 * context has ended or has no time left.
 */
export function shaveDeadline(upstream: string): ClientStep {
  return (next) => async (call) => {
    const budgetMs = remainingMs(call.context) - HOP_RESERVE_MS;
    if (call.context.signal.aborted || budgetMs <= 0) {
      const code = budgetMs <= 0 ? status.DEADLINE_EXCEEDED : status.CANCELLED;
      const details = 'no time left to call';
      throw new UpstreamError({ upstream, rpc: rpcName(call.method), code, details, isUnsent: true });
    }
    return await next({ ...call, deadlineMs: Date.now() + budgetMs });
  };
}
