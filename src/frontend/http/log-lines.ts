import { logLine, logOnly } from '../../lib/log/log-line.ts';

const failureFields = { requestId: logOnly<string>(), status: logOnly<number>() };

/** What the frontend logs about HTTP requests. */
export const requestLines = {
  completed: logLine({
    message: 'request completed',
    level: 'info',
    when: 'A request ended, also one whose client disconnected (`status` 499).',
    fields: {
      method: logOnly<string>(),
      route: logOnly<string>(),
      status: logOnly<number>(),
      durationMs: logOnly<number>(),
      requestId: logOnly<string>(),
    },
  }),
  malformed: logLine({
    message: 'malformed request',
    level: 'info',
    when: 'Node could not parse the bytes as an HTTP request. `reason` is its error code.',
    fields: { ...failureFields, reason: logOnly<string | undefined>() },
  }),
  pageUnavailable: logLine({
    message: 'page failed',
    level: 'warn',
    when: 'A page could not be shown because a service it needs is unavailable.',
    fields: { ...failureFields, cause: logOnly<string>() },
  }),
  pageFailed: logLine({
    message: 'page failed',
    level: 'error',
    when: 'A page could not be shown because of a bug.',
    fields: { ...failureFields, err: logOnly<unknown>() },
  }),
};
