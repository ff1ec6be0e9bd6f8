import { type Tracer, trace } from '@opentelemetry/api';
import type { Metrics } from '../metrics/metrics.ts';
import type { TracingConfig } from './tracing-config.ts';

/** The tracing of one service. Disposing it exports the buffered spans within `flushLimitMs`. */
export type Tracing = AsyncDisposable & { readonly tracer: Tracer };

export type TracingOptions = {
  readonly config: TracingConfig;
  readonly service: string;
  readonly version: string;
  /** True for a service with untrusted callers. */
  readonly isEdge: boolean;
  /** Counts exported and lost spans. */
  readonly metrics: Metrics;
  /** Time limit of the export of buffered spans at shutdown, in milliseconds. Default: 2000. */
  readonly flushLimitMs?: number;
};

/** Starts the tracing of a service. Services that share a process each have their own. */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const { exporter, devConsoleUrl } = options.config;
  if (exporter === 'none' && devConsoleUrl === undefined)
    return { tracer: silentTracer(), [Symbol.asyncDispose]: async () => {} };
  // Loaded on demand: a process without an exporter does not load the OpenTelemetry SDK.
  const { openTracing } = await import('./open-tracing.ts');
  return openTracing(options);
}

/** A tracer whose spans are not recorded. */
export function silentTracer(): Tracer {
  return trace.getTracer('silent');
}
