import type { Tracer } from '@opentelemetry/api';
import type { ClientStep } from './client-call.ts';
import { beginClientSpan, endClientSpan } from './spans.ts';

/** Starts one span for the call and all of its retries, and injects its W3C trace context into the metadata. */
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
