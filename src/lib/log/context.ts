import { context, trace } from '@opentelemetry/api';

/** The ids of the active span, for a log line; empty without an active span. */
export function traceFields(): { readonly trace_id?: string; readonly span_id?: string } {
  const span = trace.getSpanContext(context.active());
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
}
