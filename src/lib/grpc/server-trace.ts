import { context, type Tracer } from '@opentelemetry/api';
import type { ServerStep } from './server-call.ts';
import { beginServerSpan, endServerSpan } from './spans.ts';

/**
 * Starts the span of the call as a child of the caller's span. This is the outermost step, so that log lines, exemplars
 * and calls of the handler belong to that span.
 */
export function traceCall(tracer: Tracer): ServerStep {
  return (next) => async (call) => {
    const { method, metadata, requestId, budgetMs } = call;
    const worked = beginServerSpan(tracer, { path: method.path, metadata, requestId, budgetMs });
    const outcome = await context.with(worked.context, next, undefined, { ...call, span: worked.span });
    endServerSpan(worked.span, 'failure' in outcome ? outcome.failure : undefined);
    return outcome;
  };
}
