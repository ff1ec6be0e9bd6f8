import type { Tracer } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { followContext } from '../telemetry/follow-context.ts';

/** A tracer whose spans a test can look at once they have ended. */
export type RecordedSpans = { readonly tracer: Tracer; readonly spans: () => readonly ReadableSpan[] };

/** Records every span; the present one follows the work from now on, in the whole test file. */
export function recordSpans(): RecordedSpans {
  followContext();
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  return { tracer: provider.getTracer('test'), spans: () => exporter.getFinishedSpans() };
}
