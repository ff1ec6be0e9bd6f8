import { logLine, logOnly } from '../lib/log/log-line.ts';

/** What the launcher logs about the processes of services. */
export const supervisorLines = {
  exited: logLine({
    message: 'service exited unexpectedly',
    level: 'warn',
    when: 'The process of a service ended without a stop by the launcher. It is restarted after `restartInMs`.',
    fields: {
      process: logOnly<string>(),
      code: logOnly<number | null>(),
      signal: logOnly<string | null>(),
      restartInMs: logOnly<number>(),
    },
  }),
  restarted: logLine({
    message: 'service restarted',
    level: 'warn',
    when: 'The restarted process serves, at the same addresses.',
    fields: { process: logOnly<string>(), listening: logOnly<string>() },
  }),
};
