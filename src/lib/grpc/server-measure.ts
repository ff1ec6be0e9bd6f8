import { status } from '@grpc/grpc-js';
import type { MeasuredCall } from './call-metrics.ts';
import type { ServerStep } from './server-call.ts';

/** Counts the call by status and observes its duration. It encloses the steps that refuse calls, so it counts refusals. */
export function measureCall(measure: (call: MeasuredCall) => void): ServerStep {
  return (next) => async (call) => {
    const outcome = await next(call);
    const code = 'failure' in outcome ? outcome.failure.code : status.OK;
    measure({ method: call.method, code, startedAt: call.startedAt, span: call.span });
    return outcome;
  };
}
