import { testRuntime } from '../lib/testing/test-runtime.ts';
import { liveLine, progressBetween, reportProgress } from './progress.ts';
import { newTally } from './tally.ts';

describe('the progress of a run', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('has the rate since the previous report, and the other figures since the start', () => {
    const tally = newTally();
    const before = { totals: tally.totals(), atMs: 1000 };
    for (let page = 0; page < 15; page += 1) tally.record('index', { kind: 'answered' }, 20);
    tally.record('index', { kind: 'failed', reason: 'TIMEOUT' }, 20);
    const progress = progressBetween(before, { totals: tally.totals(), atMs: 3000 });
    expect(progress).toEqual({ seconds: 3, pages: 16, pagesPerSecond: 8, errors: 1, p95Ms: 20 });
    expect(liveLine(progress)).toContain('3 s  16 pages  8.0/s  p95 20.0 ms  1 errors');
  });

  it('replaces one line per second on a terminal, and writes no log line', () => {
    const { log, logs } = testRuntime();
    const written: string[] = [];
    const progress = reportProgress({ tally: newTally(), terminal: { write: (text) => written.push(text) }, log });
    jest.advanceTimersByTime(3500);
    expect(written).toHaveLength(3);
    for (const line of written) expect(line).toMatch(/^\r/);
    expect(written.join('')).not.toContain('\n');
    progress[Symbol.dispose]();
    jest.advanceTimersByTime(10_000);
    expect(written).toHaveLength(4);
    expect(logs.lines).toEqual([]);
  });

  it('is logged every ten seconds without a terminal', () => {
    const { log, logs } = testRuntime();
    const tally = newTally();
    const progress = reportProgress({ tally, terminal: undefined, log });
    tally.record('index', { kind: 'answered' }, 20);
    jest.advanceTimersByTime(25_000);
    progress[Symbol.dispose]();
    expect(logs.lines).toMatchObject([
      { msg: 'load progress', seconds: 10, pages: 1, errors: 0 },
      { msg: 'load progress', seconds: 20, pages: 1, pagesPerSecond: 0 },
    ]);
  });
});
