import { logLine, logOnly } from '../lib/log/log-line.ts';
import type { LoadReport } from './report.ts';

/** What the load generator logs about a run. */
export const runLines = {
  waiting: logLine({
    message: 'storefront unavailable, waiting',
    level: 'warn',
    when: 'The storefront is not healthy yet; the run begins once it is.',
    fields: { target: logOnly<string>() },
  }),
  progress: logLine({
    message: 'load progress',
    level: 'info',
    when: 'Every ten seconds of a run, unless a terminal shows the progress.',
    fields: {
      seconds: logOnly<number>(),
      pages: logOnly<number>(),
      pagesPerSecond: logOnly<number>(),
      errors: logOnly<number>(),
      p95Ms: logOnly<number>(),
    },
  }),
  report: logLine({
    message: 'load report',
    level: 'info',
    when: 'The run ended.',
    fields: { report: logOnly<LoadReport>() },
  }),
  failed: logLine({
    message: 'load run failed',
    level: 'fatal',
    when: 'The run ended with an error of the load generator itself. The process exits with 1.',
    fields: { err: logOnly<unknown>() },
  }),
};
