import { isSpanContextValid, type SpanContext, TraceFlags } from '@opentelemetry/api';
import {
  type OpenMetricsContentType,
  Counter as PromCounter,
  Gauge as PromGauge,
  Histogram as PromHistogram,
  Registry,
} from 'prom-client';
import type { Logger } from '../log/logger.ts';
import { resultWithTimeLimit } from '../net/with-time-limit.ts';
import { metricLines } from './log-lines.ts';

/**
 * The labels of a metric, each with its closed set of values. A series occupies memory until the process ends, so values that
 * callers choose must not create series: a value outside the set is counted as {@link OTHER}.
 */
export type LabelSets = Readonly<Record<string, readonly string[]>>;

/** A value for each label. */
export type LabelValues<L extends LabelSets> = { readonly [K in keyof L]: string };

/** The label value that replaces a value outside the set. Source: OpenTelemetry semantic conventions, error.type. */
export const OTHER = '_OTHER';

/** The declaration of a metric. Names follow Prometheus: unit last, `_total` for a counter. */
export type MetricSpec<L extends LabelSets> = { readonly name: string; readonly help: string; readonly labels: L };

/** The declaration of a histogram. */
export type HistogramSpec<L extends LabelSets> = MetricSpec<L> & {
  /** Upper bounds. */
  readonly buckets: readonly number[];
  /** Series initialised to 0, so that `rate` sees their first increment. */
  readonly shown?: readonly LabelValues<L>[];
};

export type Counter<L extends LabelSets> = {
  /** Adds one, or `amount`, which is not negative. */
  readonly add: (labels: LabelValues<L>, amount?: number) => void;
};

export type Histogram<L extends LabelSets> = {
  /** @param of the span of the value: a sampled span becomes the exemplar of the bucket */
  readonly observe: (labels: LabelValues<L>, value: number, of?: SpanContext) => void;
};

/** A value of one series of a gauge. */
export type Reading<L extends LabelSets> = { readonly labels: LabelValues<L>; readonly value: number };

/** The metrics of one service. Each name is declared once. */
export type Metrics = {
  readonly counter: <const L extends LabelSets>(spec: MetricSpec<L>) => Counter<L>;
  readonly histogram: <const L extends LabelSets>(spec: HistogramSpec<L>) => Histogram<L>;
  /**
   * A value that is read on each scrape. A gauge that cannot be read within half a second is not exposed and the failure is
   * counted; all other metrics are still exposed.
   */
  readonly gauge: <const L extends LabelSets>(
    spec: MetricSpec<L>,
    read: () => readonly Reading<L>[] | Promise<readonly Reading<L>[]>,
  ) => void;
  /** The prom-client registry, for the exposition and for prom-client's own collectors. */
  readonly registry: Registry<OpenMetricsContentType>;
};

/** Upper bounds of durations, in seconds. The service level objectives use 0.5 and 2. */
export const DURATION_BUCKETS: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10,
];

// Counters with at most this many series initialise all of them to 0, so that `rate` sees the first increment.
const MAX_INITIALISED_SERIES = 64;

const READ_LIMIT_MS = 500;

/**
 * Creates the metrics of a service. Every series has a `service` label, so that several services can share one Prometheus.
 *
 * @param identity.log receives the cause when a gauge cannot be read, once per outage
 */
export function serviceMetrics(identity: {
  readonly service: string;
  readonly version: string;
  readonly log?: Logger;
}): Metrics {
  const { log } = identity;
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  registry.setDefaultLabels({ service: identity.service });
  const registers = [registry];
  const unread = new PromCounter({
    name: 'mercato_metric_reads_failed_total',
    help: 'Failed reads of a gauge; the gauge was not exposed.',
    labelNames: ['metric'],
    registers,
  });
  const metrics: Metrics = {
    registry,
    counter: ({ name, help, labels }) => {
      const counter = new PromCounter({ name, help, labelNames: Object.keys(labels), registers });
      const bounded = boundedLabels(labels);
      for (const combination of combinations(labels)) counter.inc(combination, 0);
      return { add: (values, amount = 1) => counter.inc(bounded(values), amount) };
    },
    histogram: ({ name, help, labels, buckets, shown = [] }) => {
      const labelNames = Object.keys(labels);
      const options = { name, help, labelNames, buckets: [...buckets], registers, enableExemplars: true };
      const histogram = new PromHistogram(options);
      const bounded = boundedLabels(labels);
      for (const values of shown) histogram.zero(bounded(values));
      return {
        observe: (values, value, of) =>
          histogram.observe({ labels: bounded(values), value, exemplarLabels: exemplarOf(of) }),
      };
    },
    gauge: ({ name, help, labels }, read) => {
      const bounded = boundedLabels(labels);
      unread.inc({ metric: name }, 0);
      let isRead = true;
      const gauge: PromGauge = new PromGauge({
        name,
        help,
        labelNames: Object.keys(labels),
        registers,
        collect: async () => {
          try {
            const readings = await readInTime(read);
            gauge.reset();
            for (const { labels: values, value } of readings) gauge.set(bounded(values), value);
            isRead = true;
          } catch (error) {
            leaveOut(gauge, labels);
            unread.inc({ metric: name });
            if (isRead && log !== undefined) log.write(metricLines.gaugeFailed, { metric: name, err: error });
            isRead = false;
          }
        },
      });
    },
  };
  const version = [identity.version];
  metrics.gauge({ name: 'mercato_build_info', help: 'The version that runs; always 1.', labels: { version } }, () => [
    { labels: { version: identity.version }, value: 1 },
  ]);
  return metrics;
}

/** The reading of a gauge without labels. */
export function single(value: number): readonly Reading<Record<never, never>>[] {
  return [{ labels: {}, value }];
}

async function readInTime<T>(read: () => T | Promise<T>): Promise<T> {
  const response = read();
  return response instanceof Promise ? await resultWithTimeLimit(READ_LIMIT_MS, response) : response;
}

// `reset` sets a gauge without labels to 0, which is not the same as unknown.
function leaveOut(gauge: PromGauge, labels: LabelSets): void {
  gauge.reset();
  if (Object.keys(labels).length === 0) gauge.remove();
}

function boundedLabels<L extends LabelSets>(labels: L): (values: LabelValues<L>) => Record<string, string> {
  const sets = Object.entries(labels).map(([name, values]) => [name, new Set(values)] as const);
  return (values) => {
    const bounded: Record<string, string> = {};
    for (const [name, set] of sets) {
      const value = values[name] ?? '';
      bounded[name] = set.has(value) ? value : OTHER;
    }
    return bounded;
  };
}

/** Every combination of label values; empty for more than {@link MAX_INITIALISED_SERIES}. */
function combinations(labels: LabelSets): Record<string, string>[] {
  const count = Object.values(labels).reduce((product, { length }) => product * length, 1);
  if (count > MAX_INITIALISED_SERIES) return [];
  return Object.entries(labels).reduce<Record<string, string>[]>(
    (all, [name, values]) => all.flatMap((some) => values.map((value) => ({ ...some, [name]: value }))),
    [{}],
  );
}

function exemplarOf(span: SpanContext | undefined): Record<string, string> {
  if (span === undefined || (span.traceFlags & TraceFlags.SAMPLED) === 0 || !isSpanContextValid(span)) return {};
  return { trace_id: span.traceId, span_id: span.spanId };
}
