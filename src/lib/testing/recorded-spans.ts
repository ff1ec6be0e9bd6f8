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

/** A tracer whose spans a test can look at once they have ended. */
export type RecordedSpans = { readonly tracer: Tracer; readonly spans: () => readonly ReadableSpan[] };

/**
 * Records every span that is sampled, which is each unless the test says otherwise. The present span follows the work from
 * now on, in the whole test file.
 */
export function recordSpans(sampler: Sampler = new AlwaysOnSampler()): RecordedSpans {
  followContext();
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ sampler, spanProcessors: [new SimpleSpanProcessor(exporter)] });
  return { tracer: provider.getTracer('test'), spans: () => exporter.getFinishedSpans() };
}
