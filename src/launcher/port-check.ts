import { createServer } from 'node:net';

/** What to tell somebody whose port is taken; `undefined` when it is free. */
export async function portProblem(host: string, port: number): Promise<string | undefined> {
  if (port === 0) return undefined;
  const server = createServer();
  return await new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        resolve(`Port ${port} is in use: choose another one with PORT, as in: make run PORT=${port + 1}`);
      else resolve(`Cannot listen on ${host}:${port} (${error.code ?? error.message}): change PORT or HOST.`);
    });
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
