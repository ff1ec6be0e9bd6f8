import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { environment } from '../config/config.ts';

// Below the ports that systems give to outgoing connections and to listeners on port 0 (Linux: from 32768), so that
// only another caller of freePort can take the port before the test uses it. Each worker of jest has its own range.
const FIRST = 20_000;
const PER_WORKER = 400;
const WORKERS = 30;

let next = randomInt(PER_WORKER);

/**
 * A TCP port of loopback on which no process listens. Use it only where the port must be known before a server starts:
 * for a server that starts later or a second time at the same address, or for an address that refuses connections.
 */
export async function freePort(): Promise<number> {
  const worker = Number(environment().JEST_WORKER_ID ?? 0) % WORKERS;
  for (let tries = 0; tries < PER_WORKER; tries += 1) {
    const port = FIRST + worker * PER_WORKER + (next++ % PER_WORKER);
    if (await canListenOn(port)) return port;
  }
  throw new Error(`every port from ${FIRST + worker * PER_WORKER} on is in use`);
}

async function canListenOn(port: number): Promise<boolean> {
  const server = createServer();
  return await new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
