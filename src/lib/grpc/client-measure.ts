import { status } from '@grpc/grpc-js';
import type { MeasuredCall } from './call-metrics.ts';
import type { ClientStep } from './client-call.ts';
import { UpstreamError } from './upstream-error.ts';

/** Counts the call by status and observes its duration; includes calls that the deadline step refuses. */
export function measureClient(measure: (call: MeasuredCall) => void): ClientStep {
  return (next) => async (call) => {
    const over = (code: number): void =>
      measure({ method: call.method, code, startedAt: call.startedAt, span: call.span });
    try {
      const response = await next(call);
      over(status.OK);
      return response;
    } catch (error) {
      if (error instanceof UpstreamError) over(error.code);
      throw error;
    }
  };
}
