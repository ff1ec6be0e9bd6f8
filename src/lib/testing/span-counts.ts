import { readExposition } from '../metrics/exposition.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** What became of the spans of a service, by its own metrics. */
export type SpanCounts = Readonly<Record<'sent' | 'queue_full' | 'export_failed' | 'waiting', number>>;

/** Reads what became of the spans of a service, all its exporters together. */
export async function spanCounts({ registry }: Metrics): Promise<SpanCounts> {
  const samples = readExposition(await registry.metrics());
  const sum = (name: string, errorType?: string): number =>
    samples
      .filter((sample) => sample.name === name && (errorType === undefined || sample.labels.error_type === errorType))
      .reduce((total, { value }) => total + value, 0);
  const processed = (errorType: string): number => sum('otel_sdk_processor_span_processed_total', errorType);
  return {
    sent: processed(''),
    queue_full: processed('queue_full'),
    export_failed: processed('export_failed'),
    waiting: sum('otel_sdk_processor_span_queue_size'),
  };
}
