import type { Logger } from '../lib/log/logger.ts';
import { runLines } from './log-lines.ts';
import type { PageTotals, Tally } from './tally.ts';

/** The terminal that shows the progress. */
export type Terminal = { readonly write: (text: string) => unknown };

const LIVE_EVERY_MS = 1000;
const LOG_EVERY_MS = 10_000;
const START_OF_LINE = '\r';
const CLEAR_LINE = '\r\u001b[K';

/** The progress of a run up to now. */
export type Progress = {
  readonly seconds: number;
  readonly pages: number;
  /** Since the previous report of progress. */
  readonly pagesPerSecond: number;
  readonly errors: number;
  /** Since the start of the run. */
  readonly p95Ms: number;
};

/** The difference between two totals. */
export function progressBetween(
  before: { readonly totals: PageTotals; readonly atMs: number },
  now: { readonly totals: PageTotals; readonly atMs: number },
): Progress {
  const passedMs = now.atMs - before.atMs;
  return {
    seconds: Math.round(now.atMs / 1000),
    pages: now.totals.pages,
    pagesPerSecond: passedMs <= 0 ? 0 : Math.round(((now.totals.pages - before.totals.pages) * 10_000) / passedMs) / 10,
    errors: now.totals.errors,
    p95Ms: Math.round(now.totals.latencyMs.p95 * 10) / 10,
  };
}

/** One line that replaces the one before it. */
export function liveLine(progress: Progress): string {
  const { seconds, pages, pagesPerSecond, errors, p95Ms } = progress;
  return (
    `${CLEAR_LINE}${seconds} s  ${pages} pages  ${pagesPerSecond.toFixed(1)}/s  ` +
    `p95 ${p95Ms.toFixed(1)} ms  ${errors} errors${START_OF_LINE}`
  );
}

/** Reports the progress of a run until disposed: every second on a terminal, otherwise every ten seconds in the log. */
export function reportProgress(options: { tally: Tally; terminal: Terminal | undefined; log: Logger }): Disposable {
  const { tally, terminal, log } = options;
  const beganAt = performance.now();
  let last = { totals: tally.totals() as PageTotals, atMs: 0 };
  const timer = setInterval(
    () => {
      const now = { totals: tally.totals(), atMs: performance.now() - beganAt };
      const progress = progressBetween(last, now);
      last = now;
      if (terminal === undefined) log.write(runLines.progress, progress);
      else terminal.write(liveLine(progress));
    },
    terminal === undefined ? LOG_EVERY_MS : LIVE_EVERY_MS,
  );
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      terminal?.write(CLEAR_LINE);
    },
  };
}
