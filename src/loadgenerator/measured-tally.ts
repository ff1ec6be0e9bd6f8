import { DURATION_BUCKETS, type Metrics } from '../lib/metrics/metrics.ts';
import { PAGE_NAMES } from './page-names.ts';
import type { Tally } from './tally.ts';

/** A tally whose pages are metrics too, so that a run of hours can be watched from outside. */
export function measuredTally(tally: Tally, metrics: Metrics): Tally {
  const duration = metrics.histogram({
    name: 'mercato_load_page_duration_seconds',
    help: 'Time a shopper waited for a page, redirects included.',
    labels: { page: PAGE_NAMES, outcome: ['answered', 'failed'] },
    buckets: DURATION_BUCKETS,
  });
  const notStarted = metrics.counter({
    name: 'mercato_load_pages_not_started_total',
    help: 'Pages that were due and could not be started, because too many were not answered yet.',
    labels: {},
  });
  return {
    ...tally,
    record: (page, outcome, latencyMs, of) => {
      if (outcome.kind !== 'abandoned') duration.observe({ page, outcome: outcome.kind }, latencyMs / 1000, of);
      tally.record(page, outcome, latencyMs);
    },
    recordNotStarted: () => {
      notStarted.add({});
      tally.recordNotStarted();
    },
  };
}
