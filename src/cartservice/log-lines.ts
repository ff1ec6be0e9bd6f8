import { logLine, logOnly } from '../lib/log/log-line.ts';

const readinessFields = { ready: logOnly<boolean>() };

/** What the cart service logs about its connection to Redis. */
export const redisLines = {
  ready: logLine({
    message: 'redis readiness changed',
    level: 'info',
    when: 'Redis can be reached (again).',
    fields: readinessFields,
  }),
  unavailable: logLine({
    message: 'redis readiness changed',
    level: 'warn',
    when: 'Redis can no longer be reached.',
    fields: readinessFields,
  }),
  connectionFailed: logLine({
    message: 'redis connection failed',
    level: 'debug',
    when: 'The connection to Redis failed; the client connects again.',
    fields: { err: logOnly<unknown>() },
  }),
};
