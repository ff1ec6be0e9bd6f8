import { createServer } from 'node:net';
import { ConfigError } from '../lib/config/config.ts';

/** What to tell somebody whose port is taken; `undefined` when it is free. */
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

/** What to tell somebody whose shop did not start: one line, or where in the code it was when nobody foresaw it. */
export function startProblem(error: unknown): string | undefined {
  if (!(error instanceof Error)) return String(error);
  // The port was free when it was looked at, and is taken now.
  const isForeseen = error instanceof ConfigError || error.message.startsWith('cannot listen on ');
  return isForeseen ? error.message : error.stack;
}
