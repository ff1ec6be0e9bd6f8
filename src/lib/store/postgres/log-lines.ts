import { logLine, logOnly } from '../../log/log-line.ts';

/** What a service logs about its PostgreSQL database. */
export const postgresLines = {
  ready: logLine({
    message: 'database ready',
    level: 'info',
    when: 'PostgreSQL can be reached (again), and the schema is current.',
    fields: {},
  }),
  unavailable: logLine({
    message: 'database unavailable',
    level: 'warn',
    when: 'PostgreSQL can no longer be reached, or not yet. Until it can, calls that need it fail.',
    fields: { err: logOnly<unknown>() },
  }),
  misconfigured: logLine({
    message: 'database refuses this service',
    level: 'error',
    when: 'PostgreSQL can be reached but not used, such as with a wrong password. `err` names the setting. The service tries again.',
    fields: { err: logOnly<unknown>() },
  }),
};
