import {
  type Attributes,
  createNoopMeter,
  type Meter,
  type MeterProvider,
  type ObservableCallback,
} from '@opentelemetry/api';
import type { Metrics } from '../metrics/metrics.ts';
import type { NamedExporter } from './exporter.ts';

const EXPORTED = 'exported';
const QUEUE_FULL = 'queue_full';
const EXPORT_FAILED = 'export_failed';

/**
 * Counts the spans of a service: exported, dropped because the queue was full, or not accepted by the collector.
 *
 * @param exporters the names of all exporters
 * @returns the meter provider for the span processor of the exporter with this name
 */
export function spanMetrics(
  { counter, gauge }: Metrics,
  exporters: readonly NamedExporter['name'][],
): (exporter: NamedExporter['name']) => MeterProvider {
  const ended = counter({
    name: 'mercato_spans_total',
    help: 'Sampled spans that ended, by exporter and outcome.',
    labels: { exporter: exporters, outcome: [EXPORTED, QUEUE_FULL, EXPORT_FAILED] },
  });
  const queues: { exporter: string; size: () => number }[] = [];
  gauge(
    {
      name: 'mercato_spans_queued',
      help: 'Spans in the queue of an exporter.',
      labels: { exporter: exporters },
    },
    () => queues.map(({ exporter, size }) => ({ labels: { exporter }, value: size() })),
  );
  return (exporter) => {
    // The SDK's BatchSpanProcessor reports through an OpenTelemetry meter. Of its instruments, the counter of processed
    // spans and the gauge of the queue are used; all others stay no-ops. The prototype is shared, so it is not modified.
    const meter: Meter = Object.assign(Object.create(createNoopMeter()) as Meter, {
      createCounter: () => ({
        add: (count: number, attributes: Attributes = {}) =>
          ended.add({ exporter, outcome: outcomeOf(attributes['error.type']) }, count),
      }),
      createObservableUpDownCounter: () => ({
        addCallback: (callback: ObservableCallback) => queues.push({ exporter, size: () => readOnce(callback) }),
        removeCallback: () => {},
      }),
    });
    return { getMeter: () => meter };
  };
}

function readOnce(callback: ObservableCallback): number {
  let value = 0;
  void callback({ observe: (observed) => (value = observed) });
  return value;
}

function outcomeOf(errorType: unknown): string {
  if (errorType === undefined) return EXPORTED;
  return errorType === QUEUE_FULL ? QUEUE_FULL : EXPORT_FAILED;
}
