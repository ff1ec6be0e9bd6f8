import {
  type Attributes,
  createNoopMeter,
  type Meter,
  type MeterProvider,
  type ObservableCallback,
} from '@opentelemetry/api';
import type { Metrics } from '../metrics/metrics.ts';
import type { NamedExporter } from './exporter.ts';

const QUEUE_FULL = 'queue_full';
const NOT_TAKEN = 'export_failed';

/**
 * What becomes of the spans of a service, as its span processors tell it: sent, lost because the queue was full, or not
 * taken by the collector.
 *
 * @param exporters the names of all exporters
 * @returns where a processor tells it, by the name of its exporter
 */
export function spanMetrics(
  { counter, gauge }: Metrics,
  exporters: readonly NamedExporter['name'][],
): (exporter: NamedExporter['name']) => MeterProvider {
  const processed = counter({
    name: 'otel_sdk_processor_span_processed_total',
    help: 'Spans that were sent (error_type empty), or lost, and why.',
    labels: { exporter: exporters, error_type: ['', QUEUE_FULL, NOT_TAKEN] },
  });
  const queues: { exporter: string; size: () => number }[] = [];
  gauge(
    {
      name: 'otel_sdk_processor_span_queue_size',
      help: 'Spans that wait to be sent.',
      labels: { exporter: exporters },
    },
    () => queues.map(({ exporter, size }) => ({ labels: { exporter }, value: size() })),
  );
  return (exporter) => {
    // The processor speaks OpenTelemetry's metrics: of the instruments it makes, these two are of use. The silent meter is
    // one for all, and is left as it is.
    const meter: Meter = Object.assign(Object.create(createNoopMeter()) as Meter, {
      createCounter: () => ({
        add: (count: number, attributes: Attributes = {}) =>
          processed.add({ exporter, error_type: errorType(attributes['error.type']) }, count),
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

function errorType(told: unknown): string {
  if (told === undefined) return '';
  return told === QUEUE_FULL ? QUEUE_FULL : NOT_TAKEN;
}
