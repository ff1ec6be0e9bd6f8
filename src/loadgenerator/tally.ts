import { createHistogram } from 'node:perf_hooks';
import type { SpanContext } from '@opentelemetry/api';
import { PAGE_NAMES, type PageName } from './page-names.ts';
import type { Outcome } from './storefront-client.ts';

/** Latencies in milliseconds; all are 0 when no page was started. */
export type Latencies = { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number };

/** The counts and latencies of some pages. */
export type PageTotals = {
  /** Requested pages, including failed ones. */
  readonly pages: number;
  readonly errors: number;
  /** Failed pages by reason. */
  readonly errorsByReason: Readonly<Record<string, number>>;
  /** Of all pages that were started, including the failed ones: a timeout is a slow page. */
  readonly latencyMs: Latencies;
};

/** The counts and latencies of all pages. */
export type Totals = PageTotals & { readonly byPage: Readonly<Record<PageName, PageTotals>> };

/** Counts pages and keeps the distribution of their latencies. */
export type Tally = {
  /** Counts a page and its span; an abandoned page is not counted. */
  readonly record: (page: PageName, outcome: Outcome, latencyMs: number, of?: SpanContext) => void;
  /** Counts a page that was due but could not be started; it has no name and no latency. */
  readonly recordNotStarted: () => void;
  readonly totals: () => Totals;
};

// Histograms hold integers: latencies are recorded in microseconds, to three digits, up to ten minutes.
const MICROS_PER_MS = 1000;
const MAX_MICROS = 600_000_000;

/** An empty tally. */
export function newTally(): Tally {
  const all = newCounter();
  const counters = Object.fromEntries(PAGE_NAMES.map((name) => [name, newCounter()])) as Record<PageName, Counter>;
  return {
    record: (page, outcome, latencyMs) => {
      if (outcome.kind === 'abandoned') return;
      for (const counter of [all, counters[page]]) counter.add(outcome, latencyMs);
    },
    recordNotStarted: () => all.add({ kind: 'failed', reason: 'NOT_STARTED' }, undefined),
    totals: () => ({
      ...all.totals(),
      byPage: Object.fromEntries(PAGE_NAMES.map((name) => [name, counters[name].totals()])) as Totals['byPage'],
    }),
  };
}

type Counter = {
  readonly add: (outcome: Outcome, latencyMs: number | undefined) => void;
  readonly totals: () => PageTotals;
};

function newCounter(): Counter {
  const histogram = createHistogram({ lowest: 1, highest: MAX_MICROS, figures: 3 });
  const reasons = new Map<string, number>();
  let pages = 0;
  let errors = 0;
  const percentileMs = (percent: number): number => histogram.percentile(percent) / MICROS_PER_MS;
  return {
    add: (outcome, latencyMs) => {
      pages += 1;
      if (outcome.kind === 'failed') {
        errors += 1;
        reasons.set(outcome.reason, (reasons.get(outcome.reason) ?? 0) + 1);
      }
      if (latencyMs === undefined) return;
      histogram.record(Math.min(Math.max(Math.round(latencyMs * MICROS_PER_MS), 1), MAX_MICROS));
    },
    totals: () => ({
      pages,
      errors,
      errorsByReason: Object.fromEntries(reasons),
      latencyMs: {
        p50: percentileMs(50),
        p95: percentileMs(95),
        p99: percentileMs(99),
        max: histogram.max / MICROS_PER_MS,
      },
    }),
  };
}
