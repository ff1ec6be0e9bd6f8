import { logLine, logOnly } from '../lib/log/log-line.ts';

/** Log lines about the cached catalogue. */
export const catalogueLines = {
  notLoaded: logLine({
    message: 'catalogue not loaded, retrying',
    level: 'warn',
    when: 'The first load of the catalogue failed. The service is not ready before one succeeds.',
    fields: { cause: logOnly<string>() },
  }),
  refreshFailed: logLine({
    message: 'catalogue refresh failed, serving stale products',
    level: 'warn',
    when: 'A later load failed; the products of the last successful load are served.',
    fields: { requestId: logOnly<string>(), err: logOnly<unknown>() },
  }),
};
