import { newTally } from './tally.ts';

const answered = { kind: 'answered' } as const;
const failed = (reason: string) => ({ kind: 'failed', reason }) as const;

describe('the tally', () => {
  it('is empty at first', () => {
    expect(newTally().totals()).toMatchObject({
      pages: 0,
      errors: 0,
      errorsByReason: {},
      latencyMs: { p50: 0, p95: 0, p99: 0, max: 0 },
    });
  });

  it('has percentiles with three significant digits', () => {
    const tally = newTally();
    for (let ms = 1; ms <= 1000; ms += 1) tally.record('index', answered, ms);
    const { latencyMs } = tally.totals();
    for (const [name, expected] of [
      ['p50', 500],
      ['p95', 950],
      ['p99', 990],
      ['max', 1000],
    ] as const) {
      expect(Math.abs(latencyMs[name] / expected - 1)).toBeLessThan(0.002);
    }
  });

  it('counts by page and reason, and overall', () => {
    const tally = newTally();
    tally.record('checkout', failed('HTTP_503'), 20);
    tally.record('checkout', answered, 10);
    tally.record('viewCart', failed('TIMEOUT'), 10_000);
    tally.record('viewCart', failed('TIMEOUT'), 10_000);
    const totals = tally.totals();
    expect(totals).toMatchObject({ pages: 4, errors: 3, errorsByReason: { HTTP_503: 1, TIMEOUT: 2 } });
    expect(totals.byPage.checkout).toMatchObject({ pages: 2, errors: 1, errorsByReason: { HTTP_503: 1 } });
    expect(totals.byPage.viewCart.latencyMs.p50).toBeCloseTo(10_000, -2);
    expect(totals.byPage.index.pages).toBe(0);
  });

  it('counts a page that could not be started, without a latency', () => {
    const tally = newTally();
    tally.record('index', answered, 5);
    tally.recordNotStarted();
    expect(tally.totals()).toMatchObject({ pages: 2, errors: 1, errorsByReason: { NOT_STARTED: 1 } });
    expect(tally.totals().latencyMs.p50).toBeCloseTo(5, 1);
  });

  it('does not count an abandoned page', () => {
    const tally = newTally();
    tally.record('index', { kind: 'abandoned' }, 5);
    expect(tally.totals().pages).toBe(0);
  });

  it('caps latencies above its range', () => {
    const tally = newTally();
    tally.record('index', answered, 0);
    tally.record('index', answered, 3_600_000);
    expect(tally.totals().latencyMs.max).toBeCloseTo(600_000, -4);
  });
});
