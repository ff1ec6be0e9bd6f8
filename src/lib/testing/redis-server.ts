import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from './free-port.ts';

/** A Redis server without persistence. */
export type TestRedis = AsyncDisposable & {
  /** `host:port`. */
  readonly address: string;
  /** Kills the server; its data is lost. */
  readonly stop: () => Promise<void>;
  /** Starts the server again, empty, at the same address. */
  readonly start: () => Promise<void>;
  /** Suspends the process: connections stay open, commands get no response. */
  readonly pause: () => void;
  /** Lets a suspended process continue; it executes the commands that arrived meanwhile. */
  readonly resume: () => void;
};

/**
 * Starts a Redis server, by default on loopback at a free port.
 *
 * @throws {Error} when redis-server is not installed (`make test` installs it) or cannot use the address
 */
export async function startRedis(at: { host?: string; port?: number } = {}): Promise<TestRedis> {
  const { host = '127.0.0.1', port = await freePort() } = at;
  let server: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    const child = server;
    server = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  const start = async (): Promise<void> => {
    server = spawn(
      'redis-server',
      ['--port', String(port), '--bind', host, '--protected-mode', 'no', '--save', '', '--appendonly', 'no'],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    await accepting(server);
  };
  await start();
  return {
    address: `${host}:${port}`,
    start,
    stop,
    pause: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
    [Symbol.asyncDispose]: stop,
  };
}

// Read the log instead of sending a ping: when the port is taken, another server may respond to the ping.
async function accepting(child: ChildProcess): Promise<void> {
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new Error('redis-server cannot be started: install it (Debian: apt-get install redis-server)', { cause })),
    );
    child.once('exit', () => reject(new Error(`redis-server ended: ${output}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Ready to accept connections')) resolve();
    });
  });
}
