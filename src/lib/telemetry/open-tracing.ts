import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { within } from '../within.ts';
import { spanExporters } from './exporter.ts';
import { followContext } from './follow-context.ts';
import { edgeSampler, innerSampler } from './sampler.ts';
import { spanMetrics } from './span-metrics.ts';
import type { Tracing, TracingOptions } from './tracing.ts';

/** Traces a client may ask for by its sampled flag, a second. */
const ASKED_PER_SECOND = 500;
const FLUSH_LIMIT_MS = 2000;

// At 200 pages a second the storefront makes some 1,600 spans: a collector may take five seconds for a batch before one is
// lost. One that hangs costs 8,192 spans of memory a service, some 16 MB, and no more.
const BUFFER = { maxQueueSize: 8192, maxExportBatchSize: 512, scheduledDelayMillis: 1000, exportTimeoutMillis: 5000 };

/** Opens the traces of a service whose spans leave the process. */
export async function openTracing({ config, service, version, isEdge, metrics }: TracingOptions): Promise<Tracing> {
  const exporters = await spanExporters(config);
  const meterOf = spanMetrics(
    metrics,
    exporters.map(({ name }) => name),
  );
  followContext();
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': service,
      'service.version': version,
      'service.namespace': 'mercato',
    }),
    sampler: isEdge
      ? edgeSampler({ ratio: config.ratio, perSecond: ASKED_PER_SECOND, now: Date.now })
      : innerSampler(config.ratio),
    spanProcessors: exporters.map(({ name, exporter }) => {
      const options = { ...BUFFER, selfObsMeterProvider: meterOf(name) };
      return new BatchSpanProcessor(exporter, options);
    }),
  });
  return {
    tracer: provider.getTracer('mercato', version),
    // A collector that is away is no reason to end in an error: what it did not take is lost.
    [Symbol.asyncDispose]: async () =>
      await within(
        FLUSH_LIMIT_MS,
        provider.shutdown().catch(() => {}),
      ),
  };
}
