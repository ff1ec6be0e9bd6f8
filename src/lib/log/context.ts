import { context, trace } from '@opentelemetry/api';

/** The ids of the span that is worked for, for a log line; none when there is no such span. */
export function traceFields(): { readonly trace_id?: string; readonly span_id?: string } {
  const span = trace.getSpanContext(context.active());
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
}
