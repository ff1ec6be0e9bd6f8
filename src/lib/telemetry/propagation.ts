import {
  type Context,
  context,
  isSpanContextValid,
  type Link,
  ROOT_CONTEXT,
  type TextMapGetter,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { B3InjectEncoding, B3Propagator } from '@opentelemetry/propagator-b3';

const w3c = new W3CTraceContextPropagator();
const b3 = new B3Propagator({ injectEncoding: B3InjectEncoding.SINGLE_HEADER });

// The headers of W3C trace context and of B3.
const TRACE_HEADERS: readonly string[] = [
  'traceparent',
  'tracestate',
  'b3',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-sampled',
  'x-b3-flags',
  'x-b3-parentspanid',
];

/**
 * Reads the caller's trace from W3C trace context, else from B3. Malformed headers are ignored. Baggage is neither read nor
 * propagated: no service uses it, and its size is up to the caller.
 */
export function extractTrace(header: (name: string) => string | undefined): Context {
  const getter: TextMapGetter<null> = {
    keys: () => [...TRACE_HEADERS],
    get: (_carrier, name) => header(name.toLowerCase()),
  };
  for (const propagator of [w3c, b3]) {
    const found = propagator.extract(ROOT_CONTEXT, null, getter);
    const span = trace.getSpanContext(found);
    if (span !== undefined && isSpanContextValid(span)) return found;
  }
  return ROOT_CONTEXT;
}

/** Writes the trace as W3C trace context. */
export function injectTrace(from: Context, set: (name: string, value: string) => void): void {
  w3c.inject(from, null, {
    set: (_carrier, name, value) => {
      // A malformed tracestate is extracted as an empty one.
      if (value !== '') set(name, value);
    },
  });
}

/** The active trace as a traceparent, for work that continues it later; `undefined` without a trace. */
export function presentTrace(): string | undefined {
  let traceparent: string | undefined;
  injectTrace(context.active(), (name, value) => {
    if (name === 'traceparent') traceparent = value;
  });
  return traceparent;
}

/** A link to a trace stored by {@link presentTrace}, for work with a separate trace; empty without a trace. */
export function linkTo(traceparent: string | undefined): Link[] {
  const kept = trace.getSpanContext(continuedTrace(traceparent));
  return kept === undefined ? [] : [{ context: kept }];
}

/** The context of a trace stored by {@link presentTrace}; the root context without a trace. */
export function continuedTrace(traceparent: string | undefined): Context {
  return extractTrace((name) => (name === 'traceparent' ? traceparent : undefined));
}
