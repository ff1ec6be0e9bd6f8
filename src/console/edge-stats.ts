import { isServerFault } from '../lib/grpc/server-fault.ts';
import type { Sample } from '../lib/metrics/exposition.ts';

/** Traffic from one caller to one service: rate, share of errors, latency. */
export type Edge = ReturnType<typeof edgesOf>[number];

/**
 * Counters of one process since its start: calls, errors and latency buckets per edge; and the seconds that its event loop
 * was `active` and `idle`.
 */
export type Counts = ReadonlyMap<string, number>;

/** The caller of the storefront in the graph. */
export const SHOPPERS = 'shoppers';

const LOOP = 'nodejs_eventloop_time_seconds_total';
const MEASURED = /^(?:rpc_client_call|http_server_request)_duration_seconds_(count|bucket)$/;
const FILES = /^\/(?:static\/|_healthz|robots)/;
const isFault = (code: string): boolean => isServerFault(code) || /^5\d\d$/.test(code);

/** Sums the metrics of one process. The keys of an edge: `from to calls`, `from to errors`, `from to <upper bound in s>`. */
export function countsOf(samples: readonly Sample[]): Counts {
  const counts = new Map<string, number>();
  const add = (key: string, value: number): unknown => counts.set(key, (counts.get(key) ?? 0) + value);
  for (const { name, labels, value } of samples) {
    if (name === LOOP) add(`${labels.state}`, value);
    const part = MEASURED.exec(name)?.[1];
    if (part === undefined || FILES.test(labels.http_route ?? '')) continue;
    const upstream = labels.server_service_name;
    const way = upstream === undefined ? `${SHOPPERS} ${labels.service}` : `${labels.service} ${upstream}`;
    if (part === 'bucket') add(`${way} ${labels.le}`, value);
    else add(`${way} calls`, value);
    const status = labels.rpc_status_code ?? labels.http_response_status_code ?? '';
    if (part === 'count' && isFault(status)) add(`${way} errors`, value);
  }
  return counts;
}

/** The increase of the counters between two scrapes. After a restart the counters start at zero. */
export function changeOf(before: Counts | undefined, after: Counts): Counts {
  const change = [...after].map(([key, value]) => [key, value - (before?.get(key) ?? 0)] as const);
  return change.some(([, value]) => value < 0) ? after : new Map(change);
}

/**
 * The edges between services, from the counter increases of all processes over `seconds`: the share of errors from 0 to 1,
 * and the 95th percentile in milliseconds, `undefined` while there are no calls.
 */
export function edgesOf(changes: readonly Counts[], seconds: number) {
  const sums = new Map<string, Map<string, number>>();
  for (const [key, value] of changes.flatMap((change) => [...change]).filter(([name]) => name.includes(' '))) {
    const [from = '', to = '', what = ''] = key.split(' ');
    const sum = sums.get(`${from} ${to}`) ?? new Map<string, number>();
    sums.set(`${from} ${to}`, sum.set(what, (sum.get(what) ?? 0) + value));
  }
  return [...sums]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([way, sum]) => {
      const [from = '', to = ''] = way.split(' ');
      const calls = sum.get('calls') ?? 0;
      const errorRatio = calls > 0 ? (sum.get('errors') ?? 0) / calls : 0;
      const p95Ms = calls > 0 ? quantileMs(sum, 0.95) : undefined;
      return { from, to, perSecond: calls / Math.max(seconds, 1), errorRatio, p95Ms };
    });
}

// Linear interpolation inside a bucket, as Prometheus' histogram_quantile does.
function quantileMs(sum: ReadonlyMap<string, number>, quantile: number): number {
  const bounds = [...sum].filter(([what]) => Number(what) > 0).map(([what, count]) => [Number(what), count] as const);
  const rank = quantile * (sum.get('+Inf') ?? 0);
  let [lower, below] = [0, 0];
  for (const [upper, count] of bounds.sort(([a], [b]) => a - b)) {
    if (count >= rank) return (lower + (upper - lower) * ((rank - below) / (count - below))) * 1000;
    [lower, below] = [upper, count];
  }
  return lower * 1000;
}
