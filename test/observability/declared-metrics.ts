import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startInOneProcess } from '../../src/launcher/one-process.ts';
import { DURATION_BUCKETS, type LabelSets, type Metrics, serviceMetrics } from '../../src/lib/metrics/metrics.ts';
import { addProcessMetrics } from '../../src/lib/metrics/process-metrics.ts';
import { LOOPBACK } from '../../src/lib/net/listen.ts';
import { spanMetrics } from '../../src/lib/telemetry/span-metrics.ts';
import { freePort } from '../../src/lib/testing/free-port.ts';
import { testRuntime } from '../../src/lib/testing/test-runtime.ts';
import { measuredTally } from '../../src/loadgenerator/measured-tally.ts';
import { newTally } from '../../src/loadgenerator/tally.ts';
import { serviceNames } from '../../src/topology.ts';

/** The values that a label can have; `any` for one whose values are known only when it runs. */
export type LabelDomain = ReadonlySet<string> | 'any';

/** The series that can be asked for, by name, each with its labels. */
export type KnownSeries = ReadonlyMap<string, ReadonlyMap<string, LabelDomain>>;

type Declared = Map<string, Map<string, LabelDomain>>;

/**
 * Starts every service, and answers the series of all metrics that they declare, as Prometheus stores them: with
 * `_bucket`, `_count` and `_sum` for a histogram. The store in Redis is one of them, with no Redis behind it.
 */
export async function declaredSeries(): Promise<KnownSeries> {
  const series: Declared = new Map();
  const metricsOf = (service: string): Metrics =>
    recording(serviceMetrics({ service, version: '0' }), series, [service]);
  const mails = await mkdtemp(join(tmpdir(), 'mercato-mail-'));
  const shop = await startInOneProcess({
    env: { MAIL_DIR: mails, REDIS_ADDR: `${LOOPBACK}:${await freePort()}` },
    frontend: { host: LOOPBACK, port: 0 },
    runtimeOf: (service) => testRuntime({ service, metrics: metricsOf(service) }),
  });
  await shop[Symbol.asyncDispose]();
  await rm(mails, { recursive: true, force: true });
  // The load generator is no part of a shop.
  measuredTally(newTally(), metricsOf('loadgenerator'));
  const everywhere = recording(serviceMetrics({ service: 'any', version: '0' }), series, serviceNames);
  spanMetrics(everywhere, ['otlp', 'jaeger', 'console']);
  const process = serviceMetrics({ service: 'any', version: '0' });
  addProcessMetrics(process);
  // What prom-client declares by itself says which labels it has, and not which values.
  for (const metric of process.registry.getMetricsAsArray()) {
    const { name, type, labelNames } = metric as unknown as { name: string; type: string; labelNames: string[] };
    const labels = new Map(labelNames.map((label) => [label, 'any'] as const));
    note(series, { name, isHistogram: type === 'histogram', services: serviceNames }, labels);
  }
  return series;
}

/** Metrics that work as ever, and note what is declared, as of these services. */
function recording(metrics: Metrics, series: Declared, services: readonly string[]): Metrics {
  const noteSpec = (spec: { name: string; labels: LabelSets }, isHistogram: boolean): void => {
    const labels = Object.entries(spec.labels).map(([label, values]) => [label, new Set(values)] as const);
    note(series, { name: spec.name, isHistogram, services }, new Map(labels));
  };
  return {
    ...metrics,
    counter: (spec) => {
      noteSpec(spec, false);
      return metrics.counter(spec);
    },
    gauge: (spec, read) => {
      noteSpec(spec, false);
      metrics.gauge(spec, read);
    },
    histogram: (spec) => {
      noteSpec(spec, true);
      return metrics.histogram(spec);
    },
  };
}

function note(
  series: Declared,
  { name, isHistogram, services }: { name: string; isHistogram: boolean; services: readonly string[] },
  labels: ReadonlyMap<string, LabelDomain>,
): void {
  const bounds = new Set([...DURATION_BUCKETS.map(String), '+Inf']);
  const names = isHistogram ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name];
  for (const one of names) {
    const known = series.get(one) ?? new Map<string, LabelDomain>();
    // Each registry adds the one, and Prometheus the other.
    known.set('service', union(known.get('service'), new Set(services)));
    known.set('instance', 'any');
    if (one.endsWith('_bucket')) known.set('le', bounds);
    for (const [label, values] of labels) known.set(label, union(known.get(label), values));
    series.set(one, known);
  }
}

// Two services may declare one metric with values of their own, such as their RPCs.
function union(some: LabelDomain | undefined, more: LabelDomain): LabelDomain {
  return some === 'any' || more === 'any' ? 'any' : new Set([...(some ?? []), ...more]);
}
