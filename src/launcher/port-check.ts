import { createServer } from 'node:net';
import { ConfigError } from '../lib/config/config.ts';

/** The message for a port that cannot be bound; `undefined` when it can. */
export async function portProblem(address: {
  host: string;
  port: number;
  /** The variable that changes the port. */
  variable: 'PORT' | 'CONSOLE_PORT';
}): Promise<string | undefined> {
  const { host, port, variable } = address;
  if (port === 0) return undefined;
  const server = createServer();
  return await new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        resolve(`Port ${port} is in use: choose another one with ${variable}, as in: make run ${variable}=${port + 1}`);
      else
        resolve(
          `Cannot listen on ${host}:${port} (${error.code ?? error.message}): change ${variable}${variable === 'PORT' ? ' or HOST' : ''}.`,
        );
    });
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

/** The message for a shop that did not start: one line for an expected problem, the stack for a bug. */
export function startProblem(error: unknown): string | undefined {
  if (!(error instanceof Error)) return String(error);
  // Another process may have taken the port since the check.
  const isExpected = error instanceof ConfigError || error.message.startsWith('cannot listen on ');
  return isExpected ? error.message : error.stack;
}
