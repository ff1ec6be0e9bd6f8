import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import type { EnvoyConfig } from './envoy-config.ts';

/** A running Envoy. Disposing it ends the process. */
export type Envoy = AsyncDisposable & {
  /** `host:port` of a listener. */
  readonly address: (listener: string) => string;
  /** The counters and gauges whose names match, by name. */
  readonly stats: (pattern: RegExp) => Promise<Readonly<Record<string, number>>>;
  /** The ejected replicas of a cluster, `host:port` each. */
  readonly ejected: (cluster: string) => Promise<string[]>;
};

type Endpoint = { readonly socket_address: { readonly address: string; readonly port_value: number } };

const BINARY = projectPath('var/tools/envoy');

/**
 * Starts an Envoy with this configuration, and waits until it listens.
 *
 * @throws {Error} when Envoy is not installed (`make mesh-check` installs it) or rejects the configuration
 */
export async function startEnvoy(config: EnvoyConfig): Promise<Envoy> {
  if (!existsSync(BINARY)) throw new Error(`${BINARY} is not there: scripts/install-envoy.sh installs it`);
  const folder = await mkdtemp(join(tmpdir(), 'mercato-envoy-'));
  const [file, adminFile] = [join(folder, 'envoy.json'), join(folder, 'admin')];
  const admin = { address: { socket_address: { address: '127.0.0.1', port_value: 0 } } };
  const { listeners, clusters, flags = {} } = config;
  const layered_runtime = { layers: [{ name: 'flags', static_layer: flags }] };
  await writeFile(file, JSON.stringify({ admin, layered_runtime, static_resources: { listeners, clusters } }));
  const child = spawn(
    BINARY,
    [
      '-c',
      file,
      '--admin-address-path',
      adminFile,
      '--disable-hot-restart',
      '--concurrency',
      '1',
      '-l',
      'warning',
      '--file-flush-interval-msec',
      '50',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const closed = once(child, 'close');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await closed;
    await rm(folder, { recursive: true });
  };
  const ask = async (path: string): Promise<Response> =>
    await fetch(`http://${await readFile(adminFile, 'utf8')}${path}`, { headers: { connection: 'close' } });
  try {
    await eventually('Envoy is ready', async () => {
      if (child.exitCode !== null) throw new Error(`Envoy ended: ${said}`);
      if (!existsSync(adminFile) || (await readFile(adminFile, 'utf8')) === '') return false;
      const { status, ...answer } = await answered(ask('/ready'));
      return status === 200 && answer.text.startsWith('LIVE');
    });
    const addresses = await listenersOf(ask);
    return {
      address: (name) => {
        const found = addresses.get(name);
        if (found === undefined) throw new Error(`no such listener: ${name}`);
        return found;
      },
      stats: async (pattern) => {
        const { text } = await answered(ask('/stats?format=json'));
        const { stats } = JSON.parse(text) as { stats: { name?: string; value: number }[] };
        return Object.fromEntries(stats.flatMap(({ name = '', value }) => (pattern.test(name) ? [[name, value]] : [])));
      },
      ejected: async (cluster) => await ejectedOf(ask, cluster),
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Ask = (path: string) => Promise<Response>;

async function answered(asked: Promise<Response>): Promise<{ readonly status: number; readonly text: string }> {
  const response = await asked;
  return { status: response.status, text: await response.text() };
}

async function listenersOf(ask: Ask): Promise<ReadonlyMap<string, string>> {
  const { text } = await answered(ask('/listeners?format=json'));
  const { listener_statuses } = JSON.parse(text) as { listener_statuses: { name: string; local_address: Endpoint }[] };
  return new Map(listener_statuses.map(({ name, local_address }) => [name, hostPort(local_address)]));
}

async function ejectedOf(ask: Ask, cluster: string): Promise<string[]> {
  const { text } = await answered(ask('/clusters?format=json'));
  const { cluster_statuses } = JSON.parse(text) as {
    cluster_statuses: {
      name: string;
      host_statuses?: { address: Endpoint; health_status: { failed_outlier_check?: boolean } }[];
    }[];
  };
  const hosts = cluster_statuses.find(({ name }) => name === cluster)?.host_statuses;
  if (hosts === undefined) throw new Error(`no such cluster: ${cluster}`);
  return hosts.flatMap(({ address, health_status }) =>
    health_status.failed_outlier_check === true ? [hostPort(address)] : [],
  );
}

function hostPort({ socket_address: { address, port_value } }: Endpoint): string {
  return `${address}:${port_value}`;
}
