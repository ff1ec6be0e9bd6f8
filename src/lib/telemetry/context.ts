import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';

/**
 * Lets the span that is worked for follow the work through every await, in this process, from now on. Called again it does
 * nothing.
 */
export function followContext(): void {
  const manager = new AsyncLocalStorageContextManager().enable();
  if (!context.setGlobalContextManager(manager)) manager.disable();
}

/** The ids of the span that is worked for, for a log line; none when there is no such span. */
export function traceFields(): { readonly trace_id?: string; readonly span_id?: string } {
  const span = trace.getSpanContext(context.active());
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
}
