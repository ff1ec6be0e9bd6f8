import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

/** A real Redis of this test's own, on loopback, without files. */
export type TestRedis = AsyncDisposable & {
  /** `host:port`. */
  readonly address: string;
  /** Ends the server; what it held is gone. */
  readonly stop: () => Promise<void>;
  /** Starts it again, empty, at the same address. */
  readonly start: () => Promise<void>;
};

/**
 * Starts a Redis server.
 *
 * @throws {Error} when redis-server is not installed; `make test` installs it
 */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const child = spawn(
      'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
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
      return await answersPing(port);
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
  return { address: `127.0.0.1:${port}`, start, stop, [Symbol.asyncDispose]: stop };
}

async function answersPing(port: number): Promise<boolean> {
  // ioredis keeps the process for this long after a disconnect: two seconds, unless told otherwise.
  const options = { lazyConnect: true, retryStrategy: () => null, disconnectTimeout: 50 };
  const client = new Redis({ host: '127.0.0.1', port, ...options });
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
