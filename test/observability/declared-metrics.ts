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

/** The values that a label can have; `any` for a label whose values are known only at run time. */
export type LabelDomain = ReadonlySet<string> | 'any';

/** The series that can be queried, by name, with their labels. */
export type KnownSeries = ReadonlyMap<string, ReadonlyMap<string, LabelDomain>>;

type Declared = Map<string, Map<string, LabelDomain>>;

/**
 * Starts every service and returns the series of all metrics that they register, as Prometheus stores them: a histogram as
 * `_bucket`, `_count` and `_sum`. The services use their stores on Redis and PostgreSQL, without these servers.
 */
export async function declaredSeries(): Promise<KnownSeries> {
  const series: Declared = new Map();
  const metricsOf = (service: string): Metrics =>
    recording(serviceMetrics({ service, version: '0' }), series, [service]);
  const mails = await mkdtemp(join(tmpdir(), 'mercato-mail-'));
  const shop = await startInOneProcess({
    env: {
      MAIL_DIR: mails,
      REDIS_ADDR: `${LOOPBACK}:${await freePort()}`,
      DATABASE_URL: `postgres://{service}@${LOOPBACK}:${await freePort()}/{service}`,
    },
    frontend: { host: LOOPBACK, port: 0 },
    runtimeOf: (service) => testRuntime({ service, metrics: metricsOf(service) }),
  });
  await shop[Symbol.asyncDispose]();
  await rm(mails, { recursive: true, force: true });
  // The load generator is not part of a shop.
  measuredTally(newTally(), metricsOf('loadgenerator'));
  const everywhere = recording(serviceMetrics({ service: 'any', version: '0' }), series, serviceNames);
  spanMetrics(everywhere, ['otlp', 'jaeger', 'console']);
  const process = serviceMetrics({ service: 'any', version: '0' });
  addProcessMetrics(process);
  // prom-client's default metrics declare their labels, but not the values.
  for (const metric of process.registry.getMetricsAsArray()) {
    const { name, type, labelNames } = metric as unknown as { name: string; type: string; labelNames: string[] };
    const labels = new Map(labelNames.map((label) => [label, 'any'] as const));
    note(series, { name, isHistogram: type === 'histogram', services: serviceNames }, labels);
  }
  return series;
}

/** Real metrics that also note what is registered, for these services. */
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
    // The registry adds `service`, Prometheus adds `instance`.
    known.set('service', union(known.get('service'), new Set(services)));
    known.set('instance', 'any');
    if (one.endsWith('_bucket')) known.set('le', bounds);
    for (const [label, values] of labels) known.set(label, union(known.get(label), values));
    series.set(one, known);
  }
}

// Several services register the same metric with different label values, such as their RPCs.
function union(some: LabelDomain | undefined, more: LabelDomain): LabelDomain {
  return some === 'any' || more === 'any' ? 'any' : new Set([...(some ?? []), ...more]);
}
