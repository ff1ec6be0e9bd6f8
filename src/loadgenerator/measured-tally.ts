import { DURATION_BUCKETS, type Metrics } from '../lib/metrics/metrics.ts';
import { PAGE_NAMES } from './page-names.ts';
import type { Tally } from './tally.ts';

/** A tally that also exposes its pages as metrics, so that a long run can be observed. */
export function measuredTally(tally: Tally, metrics: Metrics): Tally {
  const duration = metrics.histogram({
    name: 'mercato_load_page_duration_seconds',
    help: 'Time from the request for a page to the end of its response, redirects included.',
    labels: { page: PAGE_NAMES, outcome: ['answered', 'failed'] },
    buckets: DURATION_BUCKETS,
  });
  const notStarted = metrics.counter({
    name: 'mercato_load_pages_not_started_total',
    help: 'Pages that were due but not requested, because too many were in flight.',
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
