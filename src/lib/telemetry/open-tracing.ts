import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider, type Sampler } from '@opentelemetry/sdk-trace-node';
import { withTimeLimit } from '../net/with-time-limit.ts';
import { boundedExporter } from './bounded-exporter.ts';
import { type NamedExporter, spanExporters } from './exporter.ts';
import { followContext } from './follow-context.ts';
import { edgeSampler, innerSampler } from './sampler.ts';
import { spanMetrics } from './span-metrics.ts';
import type { Tracing, TracingOptions } from './tracing.ts';

/** How many traces per second clients can start by their sampled flag. */
const ASKED_PER_SECOND = 500;
const FLUSH_LIMIT_MS = 2000;

// At 200 pages per second the storefront creates about 1,600 spans. One batch is in flight at a time, so a collector may take
// 1.2 seconds per batch. A slower or unavailable collector costs spans after about five seconds.
const BUFFER = { maxQueueSize: 8192, maxExportBatchSize: 2048, scheduledDelayMillis: 1000, exportTimeoutMillis: 5000 };

// A shutdown exports all queued batches at once, in addition to the one in flight. So a collector that hangs costs a service at
// most 8,192 queued spans and 10,240 in flight.
const MAX_EXPORTS = BUFFER.maxQueueSize / BUFFER.maxExportBatchSize + 1;

/** Starts the tracing of a service whose spans are exported. */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const { config, isEdge } = options;
  const sampler = isEdge
    ? edgeSampler({ ratio: config.ratio, perSecond: ASKED_PER_SECOND, now: Date.now })
    : innerSampler(config.ratio);
  return tracingThrough(await spanExporters(config), { ...options, sampler });
}

/** Starts the tracing of a service with these exporters. */
export function tracingThrough(
  exporters: readonly NamedExporter[],
  options: Pick<TracingOptions, 'flushLimitMs' | 'metrics' | 'service' | 'version'> & { readonly sampler: Sampler },
): Tracing {
  const { service, version, metrics, sampler, flushLimitMs = FLUSH_LIMIT_MS } = options;
  const meterOf = spanMetrics(
    metrics,
    exporters.map(({ name }) => name),
  );
  const bounded = exporters.map(({ name, exporter }) => ({ name, exporter: boundedExporter(exporter, MAX_EXPORTS) }));
  followContext();
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': service,
      'service.version': version,
      'service.namespace': 'mercato',
    }),
    sampler,
    spanProcessors: bounded.map(({ name, exporter }) => {
      const buffer = { ...BUFFER, selfObsMeterProvider: meterOf(name) };
      return new BatchSpanProcessor(exporter, buffer);
    }),
  });
  const end = async (): Promise<void> => {
    // An unavailable collector must not fail the shutdown; its spans are lost.
    await provider.shutdown().catch(() => {});
    // The provider stops waiting after the first failed batch; the others may still be exported.
    await Promise.allSettled(bounded.map(({ exporter }) => exporter.shutdown()));
  };
  return {
    tracer: provider.getTracer('mercato', version),
    [Symbol.asyncDispose]: async () => await withTimeLimit(flushLimitMs, end()),
  };
}
