import { PAGE_NAMES } from './page-names.ts';
import type { Latencies, PageTotals, Totals } from './tally.ts';

/** The thresholds that a run must meet to pass. */
export type Thresholds = {
  /** Largest share of the pages that may fail, 0 to 1. */
  readonly maxErrorRatio: number;
  /** Largest 95th percentile of all pages, in milliseconds; `undefined` sets no limit. */
  readonly maxP95Ms: number | undefined;
};

/** What the report says about a run in addition to the totals. */
export type Run = {
  /** `host:port` of the storefront. */
  readonly target: string;
  readonly model: 'closed' | 'open';
  readonly users: number;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  /** From the start of the first page until no more pages were started, in milliseconds. */
  readonly elapsedMs: number;
  readonly thresholds: Thresholds;
};

/** One threshold, and whether the run met it. */
export type ThresholdResult = {
  /** `ANY_PAGE` (at least one page was requested), `MAX_ERROR_RATIO` or `MAX_P95_MS`. */
  readonly name: string;
  readonly limit: number;
  readonly actual: number;
  readonly passed: boolean;
};

/** The JSON report of a run. Fields are added without a new version; a changed or removed field needs one. */
export type LoadReport = Totals & {
  readonly version: 2;
  readonly target: string;
  readonly model: 'closed' | 'open';
  readonly users: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** From the start of the first page until no more pages were started. */
  readonly seconds: number;
  readonly pagesPerSecond: number;
  /** 0 to 1. */
  readonly errorRatio: number;
  readonly thresholds: readonly ThresholdResult[];
  /** Whether the run met every threshold. */
  readonly passed: boolean;
};

/** Checks a run against its thresholds. A run that requested no page fails. */
export function loadReport(run: Run, totals: Totals): LoadReport {
  const seconds = run.elapsedMs / 1000;
  const errorRatio = totals.pages === 0 ? 0 : totals.errors / totals.pages;
  const thresholds = thresholdResults(run.thresholds, { pages: totals.pages, errorRatio, p95: totals.latencyMs.p95 });
  return {
    version: 2,
    target: run.target,
    model: run.model,
    users: run.users,
    startedAt: new Date(run.startedAtMs).toISOString(),
    seconds: round(seconds),
    pagesPerSecond: seconds === 0 ? 0 : round(totals.pages / seconds),
    errorRatio,
    ...totals,
    thresholds,
    passed: thresholds.every((threshold) => threshold.passed),
  };
}

/** 0 for a run that passed, else 1. */
export function exitCode(report: LoadReport): 0 | 1 {
  return report.passed ? 0 : 1;
}

/** The report as text: a table of pages, the reasons of errors, and one line per threshold. */
export function reportTable(report: LoadReport): string {
  const rows = PAGE_NAMES.map((name) => row(name, report.byPage[name]));
  const reasons = Object.entries(report.errorsByReason).map(([reason, count]) => `  ${reason} ${count}`);
  const thresholds = report.thresholds.map(
    ({ name, limit, actual, passed }) => `  ${passed ? 'passed' : 'FAILED'} ${name} ${limit} (was ${round(actual)})`,
  );
  return [
    `${report.pages} pages in ${report.seconds} s (${report.pagesPerSecond}/s) at ${report.target}, ` +
      `${report.model} model`,
    cells(['', 'pages', 'errors', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms']),
    ...rows,
    row('all', report),
    ...(reasons.length === 0 ? [] : ['errors', ...reasons]),
    'thresholds',
    ...thresholds,
    '',
  ].join('\n');
}

function thresholdResults(
  thresholds: Thresholds,
  actual: { pages: number; errorRatio: number; p95: number },
): readonly ThresholdResult[] {
  const { maxErrorRatio, maxP95Ms } = thresholds;
  const atMost = (name: string, limit: number, value: number): ThresholdResult => ({
    name,
    limit,
    actual: value,
    passed: value <= limit,
  });
  return [
    { name: 'ANY_PAGE', limit: 1, actual: actual.pages, passed: actual.pages >= 1 },
    atMost('MAX_ERROR_RATIO', maxErrorRatio, actual.errorRatio),
    ...(maxP95Ms === undefined ? [] : [atMost('MAX_P95_MS', maxP95Ms, actual.p95)]),
  ];
}

function row(name: string, totals: PageTotals): string {
  const { p50, p95, p99, max }: Latencies = totals.latencyMs;
  return cells([name, totals.pages, totals.errors, ...[p50, p95, p99, max].map((ms) => ms.toFixed(1))]);
}

function cells([name, ...numbers]: readonly (string | number)[]): string {
  return String(name).padEnd(14) + numbers.map((value) => String(value).padStart(9)).join('');
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
