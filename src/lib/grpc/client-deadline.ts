import { status } from '@grpc/grpc-js';
import { HOP_RESERVE_MS, remainingMs } from './call-context.ts';
import type { ClientStep } from './client-call.ts';
import { rpcName } from './definition.ts';
import { UpstreamError } from './upstream-error.ts';

/**
 * Gives the call the deadline of its context less what this hop keeps for itself. A call that has no time left, or whose
 * context has ended, is not sent.
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
