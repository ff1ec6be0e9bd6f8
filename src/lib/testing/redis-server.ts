import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

/** A real Redis of this test's own, without files. */
export type TestRedis = AsyncDisposable & {
  /** `host:port`. */
  readonly address: string;
  /** Ends the server; what it held is gone. */
  readonly stop: () => Promise<void>;
  /** Starts it again, empty, at the same address. */
  readonly start: () => Promise<void>;
};

/**
 * Starts a Redis server: on loopback, at a port of its own choice, unless told otherwise.
 *
 * @throws {Error} when redis-server is not installed; `make test` installs it
 */
export async function startRedis(at: { host?: string; port?: number } = {}): Promise<TestRedis> {
  const { host = '127.0.0.1', port = await freePort() } = at;
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const child = spawn(
      'redis-server',
      ['--port', String(port), '--bind', host, '--protected-mode', 'no', '--save', '', '--appendonly', 'no'],
      {
        stdio: 'ignore',
      },
    );
    let failure: Error | undefined;
    child.once('error', (cause) => {
      failure = new Error('redis-server cannot be started: install it (Debian: apt-get install redis-server)', {
        cause,
      });
    });
    server = child;
    await eventually('redis answers', async () => {
      if (failure !== undefined) throw failure;
      return await answersPing(host, port);
    });
  };
  const stop = async (): Promise<void> => {
    const child = server;
    server = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  await start();
  return { address: `${host}:${port}`, start, stop, [Symbol.asyncDispose]: stop };
}

async function answersPing(host: string, port: number): Promise<boolean> {
  // ioredis keeps the process for this long after a disconnect: two seconds, unless told otherwise.
  const options = { lazyConnect: true, retryStrategy: () => null, disconnectTimeout: 50 };
  const client = new Redis({ host, port, ...options });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}
