import { measureReadiness } from '../../src/cartservice/cart-store.redis.ts';
import { redisAttempts } from '../../src/cartservice/redis-attempts.ts';
import { measureBacklog } from '../../src/checkoutservice/backlog.ts';
import { clientCallMetrics, serverCallMetrics } from '../../src/lib/grpc/call-metrics.ts';
import { requestMetrics } from '../../src/lib/http/request-metrics.ts';
import { createLogger } from '../../src/lib/log/logger.ts';
import { type LabelSets, type Metrics, serviceMetrics } from '../../src/lib/metrics/metrics.ts';
import { inFlightLimit } from '../../src/lib/net/in-flight.ts';
import { measureReadiness as measureDatabase } from '../../src/lib/store/postgres/measure-readiness.ts';
import { eventReporter } from '../../src/lib/telemetry/event-reporter.ts';
import { spanMetrics } from '../../src/lib/telemetry/span-metrics.ts';
import { silentTracer } from '../../src/lib/telemetry/tracing.ts';
import { measuredTally } from '../../src/loadgenerator/measured-tally.ts';
import { newTally } from '../../src/loadgenerator/tally.ts';
import { databaseServices } from '../../src/topology.ts';
import { declaredEvents } from './declared-lines.ts';
import type { Writer } from './writers.ts';

/** A registered metric of the shop. */
export type DeclaredMetric = {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** The closed set of each label; empty where it depends on the service. */
  readonly labels: LabelSets;
  readonly by: Writer;
};

const NO_RPCS = { name: '', fullName: '', methods: {} };
const log = createLogger({ service: '', version: '' }, { level: 'silent' });

/** Every metric, read from the code that registers it. Gauges are never read, so fakes stand in for their sources. */
export function declaredMetrics(): DeclaredMetric[] {
  const found: DeclaredMetric[] = [];
  const of = (by: Writer): Metrics => recording(by, found);
  const inFlight = inFlightLimit(1);
  buildMetrics(found);
  spanMetrics(of('every service'), ['otlp', 'jaeger', 'console', 'dev-console']);
  serverCallMetrics(of('gRPC servers'), { definition: NO_RPCS, inFlight, maxConcurrentCalls: 1 });
  clientCallMetrics(of('gRPC clients'), {});
  requestMetrics({ metrics: recording('frontend', found, ['http_route']), routes: [], pages: [], inFlight, limit: 1 });
  measureReadiness(of('cartservice'), () => true);
  for (const service of databaseServices) {
    measureDatabase(
      of(service),
      () => true,
      async () => {},
    );
  }
  redisAttempts({ tracer: silentTracer(), metrics: of('cartservice') });
  for (const { by, lines } of declaredEvents()) eventReporter(lines, { log, metrics: of(by[0]) });
  const never = () => new Promise<never>(() => {});
  measureBacklog(of('checkoutservice'), { backlog: never, projectionLag: never }, () => 0);
  measuredTally(newTally(), of('loadgenerator'));
  return found;
}

/** The metrics that every registry has from the start. */
function buildMetrics(found: DeclaredMetric[]): void {
  const { registry } = serviceMetrics({ service: '', version: '' });
  for (const metric of registry.getMetricsAsArray()) {
    const { name, help, type, labelNames } = metric as unknown as {
      name: string;
      help: string;
      type: DeclaredMetric['type'];
      labelNames: string[];
    };
    const labels = Object.fromEntries(labelNames.map((label) => [label, []]));
    found.push({ name, type, help, labels, by: 'every service' });
  }
}

/**
 * A registry that records which metrics are registered, and measures nothing.
 *
 * @param open labels whose sets depend on the configuration of the service
 */
function recording(by: Writer, found: DeclaredMetric[], open: readonly string[] = []): Metrics {
  const note = (type: DeclaredMetric['type'], { name, help, labels }: Omit<DeclaredMetric, 'type' | 'by'>): void => {
    const known = found.some((metric) => metric.name === name && metric.by === by);
    const closed = Object.entries(labels).map(
      ([label, values]) => [label, open.includes(label) ? [] : values] as const,
    );
    if (!known) found.push({ name, type, help, labels: Object.fromEntries(closed), by });
  };
  return {
    ...serviceMetrics({ service: '', version: '' }),
    counter: (spec) => {
      note('counter', spec);
      return { add: () => {} };
    },
    gauge: (spec) => note('gauge', spec),
    histogram: (spec) => {
      note('histogram', spec);
      return { observe: () => {} };
    },
  };
}
