import type { Tracer } from '@opentelemetry/api';
import type { ClientStep } from './client-call.ts';
import { beginClientSpan, endClientSpan } from './spans.ts';

/** Makes the span of the call, one for all of its retries, and sends its context along as W3C trace context. */
export function traceClient(tracer: Tracer, upstream: string): ClientStep {
  return (next) => async (call) => {
    const span = beginClientSpan(tracer, { path: call.method.path, upstream, metadata: call.metadata });
    try {
      const response = await next({ ...call, span });
      endClientSpan(span, undefined);
      return response;
    } catch (error) {
      endClientSpan(span, error);
      throw error;
    }
  };
}
