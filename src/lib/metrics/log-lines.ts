import { logLine, logOnly } from '../log/log-line.ts';

/** What the metrics of a service log. */
export const metricLines = {
  gaugeFailed: logLine({
    message: 'gauge could not be read',
    level: 'warn',
    when: 'The value of a gauge could not be read within half a second. Logged once until it can be read again.',
    fields: { metric: logOnly<string>(), err: logOnly<unknown>() },
  }),
  requestFailed: logLine({
    message: 'metrics request failed',
    level: 'error',
    when: 'A request for `/metrics` failed.',
    fields: { err: logOnly<unknown>() },
  }),
};
