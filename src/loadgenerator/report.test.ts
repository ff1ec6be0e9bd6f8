import { exitCode, type LoadReport, loadReport, reportTable, type Thresholds } from './report.ts';
import type { Outcome } from './storefront-client.ts';
import { newTally } from './tally.ts';

function reportOf(
  pages: readonly { outcome: Outcome; ms: number }[],
  thresholds: Partial<Thresholds> = {},
): LoadReport {
  const tally = newTally();
  for (const { outcome, ms } of pages) tally.record('index', outcome, ms);
  return loadReport(
    {
      target: 'frontend:80',
      model: 'closed',
      users: 10,
      startedAtMs: Date.UTC(2026, 10, 23, 12),
      elapsedMs: 2000,
      thresholds: { maxErrorRatio: 0.01, maxP95Ms: undefined, ...thresholds },
    },
    tally.totals(),
  );
}

const good = { outcome: { kind: 'answered' }, ms: 100 } as const;
const bad = { outcome: { kind: 'failed', reason: 'HTTP_503' }, ms: 100 } as const;
const resultOf = (report: LoadReport, name: string) => report.thresholds.find((threshold) => threshold.name === name);

describe('the report of a run', () => {
  it('has the documented fields', () => {
    const read: unknown = JSON.parse(JSON.stringify(reportOf([good, good, good, bad], { maxP95Ms: 500 })));
    const latencyMs = {
      p50: expect.any(Number) as number,
      p95: expect.any(Number) as number,
      p99: expect.any(Number) as number,
      max: expect.any(Number) as number,
    };
    const none = { pages: 0, errors: 0, errorsByReason: {}, latencyMs: { p50: 0, p95: 0, p99: 0, max: 0 } };
    expect(read).toEqual({
      version: 2,
      target: 'frontend:80',
      model: 'closed',
      users: 10,
      startedAt: '2026-11-23T12:00:00.000Z',
      seconds: 2,
      pagesPerSecond: 2,
      pages: 4,
      errors: 1,
      errorRatio: 0.25,
      errorsByReason: { HTTP_503: 1 },
      latencyMs,
      byPage: {
        index: { pages: 4, errors: 1, errorsByReason: { HTTP_503: 1 }, latencyMs },
        setCurrency: none,
        browseProduct: none,
        addToCart: none,
        viewCart: none,
        checkout: none,
      },
      thresholds: [
        { name: 'ANY_PAGE', limit: 1, actual: 4, passed: true },
        { name: 'MAX_ERROR_RATIO', limit: 0.01, actual: 0.25, passed: false },
        { name: 'MAX_P95_MS', limit: 500, actual: expect.closeTo(100, 0) as number, passed: true },
      ],
      passed: false,
    });
  });

  it('passes when every threshold is met, and exits 0', () => {
    const report = reportOf([good, good], { maxP95Ms: 101 });
    expect([report.passed, exitCode(report)]).toEqual([true, 0]);
  });

  it('accepts an error ratio equal to the limit, and fails a higher one', () => {
    const half = [good, bad];
    expect(exitCode(reportOf(half, { maxErrorRatio: 0.5 }))).toBe(0);
    expect(exitCode(reportOf([...half, bad], { maxErrorRatio: 0.5 }))).toBe(1);
  });

  it('exits 1 when the 95th percentile is too high', () => {
    const report = reportOf([good, good], { maxP95Ms: 99 });
    expect(resultOf(report, 'MAX_P95_MS')).toMatchObject({ limit: 99, passed: false });
    expect(exitCode(report)).toBe(1);
  });

  it('has no limit on the 95th percentile by default', () => {
    expect(resultOf(reportOf([{ ...good, ms: 60_000 }]), 'MAX_P95_MS')).toBeUndefined();
  });

  it('exits 1 when no page was requested, whatever the thresholds', () => {
    const report = reportOf([], { maxErrorRatio: 1 });
    expect(resultOf(report, 'ANY_PAGE')).toMatchObject({ actual: 0, passed: false });
    expect(exitCode(report)).toBe(1);
  });

  it('is printed as a table', () => {
    const table = reportTable(reportOf([good, bad], { maxP95Ms: 500 })).split('\n');
    expect(table[0]).toBe('2 pages in 2 s (1/s) at frontend:80, closed model');
    expect(table).toContainEqual(expect.stringMatching(/^index +2 +1 +\d+\.\d +\d+\.\d +\d+\.\d +\d+\.\d$/));
    expect(table).toContainEqual(expect.stringMatching(/^all +2 +1 /));
    expect(table).toContain('  HTTP_503 1');
    expect(table).toContain('  FAILED MAX_ERROR_RATIO 0.01 (was 0.5)');
    expect(table).toContainEqual(expect.stringMatching(/^ {2}passed MAX_P95_MS 500 \(was 100\.\d+\)$/));
  });
});
