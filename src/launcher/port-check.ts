import { createServer } from 'node:net';

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
