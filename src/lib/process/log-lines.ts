import { logLine, logOnly } from '../log/log-line.ts';

/** What a process logs about its own start and shutdown. */
export const processLines = {
  started: logLine({
    message: 'started',
    level: 'info',
    when: 'The service serves. `listening` and `metrics` are `host:port`.',
    // Not `address`: the logger redacts that name, because a shopper has one.
    fields: { listening: logOnly<string>(), metrics: logOnly<string>() },
  }),
  startFailed: logLine({
    message: 'could not start',
    level: 'fatal',
    when: 'The service failed during its start. The process exits with 1.',
    fields: { err: logOnly<unknown>() },
  }),
  stopping: logLine({
    message: 'stopping',
    level: 'info',
    when: 'SIGTERM or SIGINT arrived; the shutdown begins.',
    fields: { signal: logOnly<string>() },
  }),
  stopped: logLine({
    message: 'stopped',
    level: 'info',
    when: 'The shutdown is complete. The process exits with 0.',
    fields: {},
  }),
  stopFailed: logLine({
    message: 'shutdown failed',
    level: 'error',
    when: 'The shutdown threw. The process exits with 1.',
    fields: { err: logOnly<unknown>() },
  }),
  stopTimedOut: logLine({
    message: 'shutdown timed out',
    level: 'error',
    when: 'The shutdown took longer than `SHUTDOWN_LIMIT_MS`. The process exits with 1.',
    fields: { limitMs: logOnly<number>() },
  }),
  secondSignal: logLine({
    message: 'second signal, exiting immediately',
    level: 'warn',
    when: 'A second signal arrived during the shutdown. The process exits with 1.',
    fields: { signal: logOnly<string>() },
  }),
};
