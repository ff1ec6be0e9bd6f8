import { type Tracer, trace } from '@opentelemetry/api';
import type { Metrics } from '../metrics/metrics.ts';
import type { TracingConfig } from './tracing-config.ts';

/** The traces of one service. Disposing them sends what is still buffered, within a bound. */
export type Tracing = AsyncDisposable & { readonly tracer: Tracer };

/** Whose traces they are, and how they are made. */
export type TracingOptions = {
  readonly config: TracingConfig;
  readonly service: string;
  readonly version: string;
  /** True for a service whose callers are not ours to trust. */
  readonly isEdge: boolean;
  /** Counts the spans that were sent, and those that were lost. */
  readonly metrics: Metrics;
  /** Longest wait at the end for buffered spans to be sent, in milliseconds. Default: 2000. */
  readonly flushLimitMs?: number;
};

/** Starts the traces of a service. Each service has its own, also where several share a process. */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const { exporter, devConsoleUrl } = options.config;
  if (exporter === 'none' && devConsoleUrl === undefined)
    return { tracer: silentTracer(), [Symbol.asyncDispose]: async () => {} };
  // Loaded when it is needed: a process that makes no spans does not carry what makes them.
  const { openTracing } = await import('./open-tracing.ts');
  return openTracing(options);
}

/** A tracer whose spans go nowhere. */
export function silentTracer(): Tracer {
  return trace.getTracer('silent');
}
