import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider, type Sampler } from '@opentelemetry/sdk-trace-node';
import { withTimeLimit } from '../net/with-time-limit.ts';
import { boundedExporter } from './bounded-exporter.ts';
import { type NamedExporter, spanExporters } from './exporter.ts';
import { followContext } from './follow-context.ts';
import { edgeSampler, innerSampler } from './sampler.ts';
import { spanMetrics } from './span-metrics.ts';
import type { Tracing, TracingOptions } from './tracing.ts';

/** Traces a client may ask for by its sampled flag, a second. */
const ASKED_PER_SECOND = 500;
const FLUSH_LIMIT_MS = 2000;

// At 200 pages a second the storefront makes some 1,600 spans. One batch is under way at a time, so a collector may take
// 1.2 seconds for each; one that takes longer, or is away, costs no span before five seconds of them wait.
const BUFFER = { maxQueueSize: 8192, maxExportBatchSize: 2048, scheduledDelayMillis: 1000, exportTimeoutMillis: 5000 };

// At the end all that waits is sent at once, beside the batch that is under way. So a collector that hangs costs a service
// 8,192 spans that wait and 10,240 under way, and no more.
const MAX_EXPORTS = BUFFER.maxQueueSize / BUFFER.maxExportBatchSize + 1;

/** Opens the traces of a service whose spans leave the process. */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const { config, isEdge } = options;
  const sampler = isEdge
    ? edgeSampler({ ratio: config.ratio, perSecond: ASKED_PER_SECOND, now: Date.now })
    : innerSampler(config.ratio);
  return tracingThrough(await spanExporters(config), { ...options, sampler });
}

/** Opens the traces of a service through these exporters. */
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
    // A collector that is away is no reason to end in an error: what it did not take is lost.
    await provider.shutdown().catch(() => {});
    // The provider waits no longer once a batch has failed; the others may still arrive.
    await Promise.allSettled(bounded.map(({ exporter }) => exporter.shutdown()));
  };
  return {
    tracer: provider.getTracer('mercato', version),
    [Symbol.asyncDispose]: async () => await withTimeLimit(flushLimitMs, end()),
  };
}
