import {
  type Attributes,
  type Context,
  context,
  type Link,
  type Span,
  type SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { DomainError } from '../errors.ts';
import { attribute } from './attributes.ts';
import type { SpanAttribute } from './span-declaration.ts';

/** What every failed span has, whatever it is a span of. */
export const FAILED_SPAN_ATTRIBUTES: readonly SpanAttribute[] = [
  {
    name: attribute.errorType,
    about:
      'the gRPC status, the HTTP status, a reason, or the class of the error, such as `UNAVAILABLE`, `503` and `UpstreamError`',
  },
];

/**
 * Runs work in a new span, a child of `parent` or of the active span, and rejects as the work does. A failed span gets the
 * type of the error, never its message, which may hold what a shopper typed.
 */
export async function inSpan<T>(
  tracer: Tracer,
  begin: { name: string; kind: SpanKind; attributes?: Attributes; parent?: Context; links?: Link[] },
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const { name, kind, attributes = {}, parent = context.active(), links = [] } = begin;
  const span = tracer.startSpan(name, { kind, attributes, links }, parent);
  try {
    return await context.with(trace.setSpan(parent, span), work, undefined, span);
  } catch (error) {
    if (error instanceof DomainError) span.setAttribute(attribute.errorReason, error.reason);
    markFailed(span, error instanceof Error ? error.name : '_OTHER');
    throw error;
  } finally {
    span.end();
  }
}

/** Marks a span as failed. `errorType` has low cardinality: a status, or the name of an error class. */
export function markFailed(span: Span, errorType: string): void {
  span.setAttribute(attribute.errorType, errorType);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
