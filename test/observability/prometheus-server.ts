import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { freePort } from '../../src/lib/testing/free-port.ts';

/** A Prometheus process of this test, on the loopback interface. */
export type TestPrometheus = AsyncDisposable & {
  /**
   * Calls its HTTP API and returns the `data` of the response.
   *
   * @param path below `/api/v1/`
   * @throws {Error} with the error message of the response
   */
  readonly ask: (path: string, parameters?: Readonly<Record<string, string>>) => Promise<unknown>;
  /** The current values of all series of a query. */
  readonly values: (expr: string) => Promise<number[]>;
};

const answer = z.object({ status: z.string(), data: z.unknown(), error: z.string().optional() });
const vector = z.object({
  resultType: z.literal('vector'),
  result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })),
});

/**
 * Starts a Prometheus that scrapes its targets every second.
 *
 * @param options.targets `host:port` of servers of `/metrics`
 * @param options.ruleFiles absolute paths
 * @throws {Error} when prometheus is not installed; `make test` installs it
 */
export async function startPrometheusFor(options: {
  targets: readonly string[];
  ruleFiles: readonly string[];
}): Promise<TestPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'mercato-prometheus-'));
  const config = join(folder, 'prometheus.yml');
  try {
    // JSON is YAML.
    await writeFile(
      config,
      JSON.stringify({
        global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
        rule_files: options.ruleFiles,
        scrape_configs: [{ job_name: 'mercato', static_configs: [{ targets: options.targets }] }],
      }),
    );
    return await startPrometheus(config);
  } finally {
    // Prometheus reads the file at its start only.
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Starts a Prometheus with the given configuration.
 *
 * @param config path of the file
 * @throws {Error} when prometheus is not installed or rejects the file; `make test` installs it
 */
export async function startPrometheus(config: string): Promise<TestPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'mercato-prometheus-'));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${folder}`,
      `--web.listen-address=${address}`,
      '--enable-feature=exemplar-storage',
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  let failure: Error | undefined;
  child.once('error', (cause) => {
    failure = new Error('prometheus cannot be started: install it (Debian: apt-get install prometheus)', { cause });
  });
  const stop = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await eventually('prometheus is ready', async () => {
      if (child.exitCode !== null) failure = new Error(`prometheus ended: ${stderr}`);
      if (failure !== undefined) throw failure;
      return await isReady(address);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  const ask = (path: string, parameters = {}): Promise<unknown> => askApi(address, path, parameters);
  return {
    ask,
    values: async (expr) =>
      vector.parse(await ask('query', { query: expr })).result.map(({ value: [, value] }) => Number(value)),
    [Symbol.asyncDispose]: stop,
  };
}

async function isReady(address: string): Promise<boolean> {
  try {
    return (await fetch(`http://${address}/-/ready`)).status === 200;
  } catch {
    // Prometheus does not listen yet.
    return false;
  }
}

async function askApi(address: string, path: string, parameters: Readonly<Record<string, string>>): Promise<unknown> {
  const response = await fetch(`http://${address}/api/v1/${path}?${new URLSearchParams(parameters)}`);
  const { status, data, error } = answer.parse(await response.json());
  if (status !== 'success') throw new Error(`${path} ${JSON.stringify(parameters)}: ${error}`);
  return data;
}
