import type { Tracer } from '@opentelemetry/api';
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { followContext } from '../telemetry/follow-context.ts';

/** A tracer whose ended spans a test can read. */
export type RecordedSpans = { readonly tracer: Tracer; readonly spans: () => readonly ReadableSpan[] };

/**
 * Records every sampled span; by default all are sampled. Also installs the context manager of the active span, for the rest of
 * the test file.
 */
export function recordSpans(sampler: Sampler = new AlwaysOnSampler()): RecordedSpans {
  followContext();
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ sampler, spanProcessors: [new SimpleSpanProcessor(exporter)] });
  return { tracer: provider.getTracer('test'), spans: () => exporter.getFinishedSpans() };
}
