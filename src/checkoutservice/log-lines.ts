import { logLine, logOnly } from '../lib/log/log-line.ts';

/** Log lines of the checkout service that are not business events. */
export const recoveryLines = {
  sweepFailed: logLine({
    message: 'order recovery failed',
    level: 'error',
    when: 'A run of the recovery failed as a whole, for example because the store is unavailable, which is logged once. The next one follows.',
    fields: { err: logOnly<unknown>() },
  }),
  sweepSucceeds: logLine({
    message: 'order recovery available again',
    level: 'info',
    when: 'The store can be used again after it was unavailable for `unavailableMs`.',
    fields: { unavailableMs: logOnly<number>() },
  }),
};
