import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { freePort } from '../../src/lib/testing/free-port.ts';

/** A target as Prometheus lists it. */
export type Target = { readonly labels: Readonly<Record<string, string>> };

/** A real Prometheus of this test's own, on loopback. */
export type TestPrometheus = AsyncDisposable & {
  /** What it asks for metrics. */
  readonly targets: () => Promise<readonly Target[]>;
};

/**
 * Starts a Prometheus with `prometheus.yml` of a folder, which its data goes to too.
 *
 * @throws {Error} when prometheus is not installed, or cannot use the file; `make test` installs it
 */
export async function startPrometheus(folder: string): Promise<TestPrometheus> {
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--enable-feature=exemplar-storage',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let output = '';
  let failure: Error | undefined;
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.once('error', (cause) => {
    failure = new Error('prometheus cannot be started: install it (Debian: apt-get install prometheus)', { cause });
  });
  const closed = once(child, 'close');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    if (failure === undefined) await closed;
  };
  try {
    await eventually('prometheus is ready', async () => {
      if (failure !== undefined) throw failure;
      if (child.exitCode !== null) throw new Error(`prometheus ended: ${output}`);
      return await isReady(address);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    targets: async () => {
      const response = await fetch(`http://${address}/api/v1/targets`);
      const { data } = (await response.json()) as { data: { activeTargets: Target[] } };
      return data.activeTargets;
    },
    [Symbol.asyncDispose]: stop,
  };
}

async function isReady(address: string): Promise<boolean> {
  try {
    return (await fetch(`http://${address}/-/ready`)).ok;
  } catch {
    // Nobody listens yet.
    return false;
  }
}
