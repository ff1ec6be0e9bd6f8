import { type Metrics, single } from '../../metrics/metrics.ts';

/**
 * Registers the gauge that shows whether PostgreSQL can be used.
 *
 * @param isReady the result of the latest statement; asked at each scrape
 * @param probe sends a statement, so that a service without calls notices an outage
 */
export function measureReadiness(metrics: Metrics, isReady: () => boolean, probe: () => Promise<unknown>): void {
  const spec = {
    name: 'mercato_database_ready',
    help: '1 while PostgreSQL can be used, else 0. Absent when the data is in files.',
    labels: {},
  };
  metrics.gauge(spec, () => {
    // Not awaited: a server that does not reply would delay the scrape. Its result is in the next one.
    probe().catch(() => {});
    return single(isReady() ? 1 : 0);
  });
}
