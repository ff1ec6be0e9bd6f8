import { type Tracer, trace } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace-node';
import { followContext } from './context.ts';
import { spanExporter } from './exporter.ts';
import { edgeSampler, innerSampler } from './sampler.ts';
import type { TracingConfig } from './tracing-config.ts';

/** The traces of one service. Disposing them sends what is still buffered, within a bound. */
export type Tracing = AsyncDisposable & { readonly tracer: Tracer };

/** Traces a client may ask for by its sampled flag, a second. */
const ASKED_PER_SECOND = 500;
const FLUSH_LIMIT_MS = 2000;

// The defaults, 2,048 spans and five seconds, lose spans above some 400 a second.
// A collector that hangs costs 8,192 spans of memory a service, some 16 MB, and no more.
const BUFFER = { maxQueueSize: 8192, maxExportBatchSize: 512, scheduledDelayMillis: 500, exportTimeoutMillis: 5000 };

/**
 * Starts the traces of a service. Each service has its own, also where several share a process.
 *
 * @param options.isEdge true for a service whose callers are not ours to trust
 * @param options.processors see spans beside the exporter
 */
export function startTracing(options: {
  config: TracingConfig;
  service: string;
  version: string;
  isEdge: boolean;
  processors?: readonly SpanProcessor[];
}): Tracing {
  const { config, service, version } = options;
  const exporter = spanExporter(config);
  const processors = [...(options.processors ?? []), ...(exporter ? [new BatchSpanProcessor(exporter, BUFFER)] : [])];
  if (processors.length === 0) return { tracer: silentTracer(), [Symbol.asyncDispose]: async () => {} };
  followContext();
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': service,
      'service.version': version,
      'service.namespace': 'mercato',
    }),
    sampler: options.isEdge
      ? edgeSampler({ ratio: config.ratio, perSecond: ASKED_PER_SECOND, now: Date.now })
      : innerSampler(config.ratio),
    spanProcessors: processors,
  });
  return {
    tracer: provider.getTracer('mercato', version),
    [Symbol.asyncDispose]: async () => await shutdownWithin(FLUSH_LIMIT_MS, provider),
  };
}

/** A tracer whose spans go nowhere. */
export function silentTracer(): Tracer {
  return trace.getTracer('silent');
}

async function shutdownWithin(limitMs: number, provider: NodeTracerProvider): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  // A collector that is away is no reason to end in an error: what it did not take is lost.
  await Promise.race([provider.shutdown().catch(() => {}), limit]);
  clearTimeout(timer);
}
