import { readExposition } from '../metrics/exposition.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** The spans of a service by outcome, as its own metrics count them. */
export type SpanCounts = Readonly<Record<'exported' | 'queue_full' | 'export_failed' | 'waiting', number>>;

/** Reads the span counts of a service, summed over its exporters. */
export async function spanCounts({ registry }: Metrics): Promise<SpanCounts> {
  const samples = readExposition(await registry.metrics());
  const sum = (name: string, outcome?: string): number =>
    samples
      .filter((sample) => sample.name === name && (outcome === undefined || sample.labels.outcome === outcome))
      .reduce((total, { value }) => total + value, 0);
  const ended = (outcome: string): number => sum('mercato_spans_total', outcome);
  return {
    exported: ended('exported'),
    queue_full: ended('queue_full'),
    export_failed: ended('export_failed'),
    waiting: sum('mercato_spans_queued'),
  };
}
