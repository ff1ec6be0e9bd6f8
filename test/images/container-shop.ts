import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSmtpServer } from '../../src/emailservice/smtp-server.testing.ts';
import { healthOf } from '../../src/lib/grpc/health-of.ts';
import { startRedis, type TestRedis } from '../../src/lib/testing/redis-server.ts';
import { backingServers, type ServiceName, serviceNames, topology } from '../../src/topology.ts';
import { LONG_BUDGETS } from '../integration/long-budgets.ts';
import { preparePostgres, type StartedPostgres } from '../manifests/started-postgres.ts';
import { imageOf } from './build.ts';
import { docker } from './docker.ts';
import { manifestOf } from './manifest.ts';

/** A container with the restrictions of its manifest: read-only root, no capabilities, memory limit. */
export type RunningContainer = {
  readonly service: ServiceName;
  readonly name: string;
  /** `host:port` of the service from this machine; empty if it has no port. */
  readonly address: string;
  /** `host:port` of its metrics from this machine. */
  readonly metrics: string;
};

/** The whole shop in containers on one network, with PostgreSQL, Redis and a mail server on this machine. */
export type ContainerShop = AsyncDisposable & {
  readonly container: (service: ServiceName) => RunningContainer;
  /** How many mails have arrived. */
  readonly mails: () => number;
  /** Starts another Redis with the name `redis-cart`. */
  readonly startRedis: (port: number) => Promise<TestRedis>;
  /** Runs one more container on the network. */
  readonly run: (service: ServiceName, env?: Readonly<Record<string, string>>) => Promise<RunningContainer>;
};

const METRICS_PORT = 9464;
// A probe may hang that was sent before the container listens.
const PROBE_LIMIT_MS = 1000;

/** Starts every service from its image as its manifest configures it. Does not wait until they are ready. */
export async function startContainerShop(): Promise<ContainerShop> {
  const network = `mercato-check-${process.pid}`;
  await docker('network', 'create', network);
  const here = await docker('network', 'inspect', '--format={{(index .IPAM.Config 0).Gateway}}', network);
  const postgres = await startDatabases(here);
  const redis = await startRedis({ host: here, port: 6379 });
  const smtp = await startSmtpServer({}, 1025, here);
  const started: RunningContainer[] = [];
  let runs = 0;
  const run = async (service: ServiceName, env: Readonly<Record<string, string>> = {}): Promise<RunningContainer> => {
    runs += 1;
    const name = `${network}-${service}-${runs}`;
    await docker(...runArguments(service, { name, network, here, env, databaseFolder: postgres.folderOf(service) }));
    const container = { service, name, ...(await addressesOf(service, name)) };
    started.push(container);
    return container;
  };
  const close = async (): Promise<void> => {
    const ids = await docker('ps', '--all', '--quiet', `--filter=network=${network}`);
    if (ids !== '') await docker('rm', '--force', '--volumes', ...ids.split('\n'));
    await postgres[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
    await smtp[Symbol.asyncDispose]();
    await docker('network', 'rm', network);
  };
  const served = serviceNames.filter((service) => topology[service].protocol !== 'none');
  const starts = await Promise.allSettled(served.map((service) => run(service, LONG_BUDGETS)));
  const failed = starts.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') {
    await close();
    throw failed.reason;
  }
  return {
    container: (service) => {
      const found = started.find((one) => one.service === service);
      if (found === undefined) throw new Error(`${service} does not run`);
      return found;
    },
    mails: () => smtp.mails.length,
    startRedis: (port) => startRedis({ host: here, port }),
    run,
    [Symbol.asyncDispose]: close,
  };
}

/** Starts PostgreSQL as its pod does. The folder of each database is what the service mounts. */
async function startDatabases(host: string): Promise<StartedPostgres> {
  const postgres = await preparePostgres(host);
  for (const service of backingServers.postgres?.users ?? []) {
    const password = `password-of-${service}`;
    postgres.setPassword(service, password);
    const url = `postgres://${service}:${password}@postgres:${postgres.port}/${service}`;
    writeFileSync(join(postgres.folderOf(service), 'url'), url);
  }
  await postgres.start();
  return postgres;
}

function runArguments(
  service: ServiceName,
  at: {
    readonly name: string;
    readonly network: string;
    readonly here: string;
    readonly env: Readonly<Record<string, string>>;
    readonly databaseFolder: string;
  },
): string[] {
  const { env, memoryLimit, mountPaths } = manifestOf(service);
  const { servicePort } = topology[service];
  // Callers reach the container without a Service, so it listens on the Service's port.
  const all = { ...env, PORT: String(servicePort), ...at.env };
  const ports = servicePort === 0 ? [METRICS_PORT] : [servicePort, METRICS_PORT];
  return [
    'run',
    '--detach',
    `--name=${at.name}`,
    `--network=${at.network}`,
    `--network-alias=${service}`,
    ...Object.keys(backingServers).map((name) => `--add-host=${name}:${at.here}`),
    '--read-only',
    '--cap-drop=ALL',
    '--security-opt=no-new-privileges',
    `--memory=${memoryLimit}`,
    ...mountPaths.map((path) => `--volume=${at.databaseFolder}:${path}:ro`),
    ...ports.map((port) => `--publish=127.0.0.1::${port}`),
    ...Object.entries(all).map(([name, value]) => `--env=${name}=${value}`),
    imageOf(service),
  ];
}

async function addressesOf(service: ServiceName, name: string): Promise<Pick<RunningContainer, 'address' | 'metrics'>> {
  const { servicePort } = topology[service];
  const published = async (port: number): Promise<string> => await docker('port', name, `${port}/tcp`);
  const [address, metrics] = await Promise.all([
    servicePort === 0 ? '' : published(servicePort),
    published(METRICS_PORT),
  ]);
  return { address, metrics };
}

/** The readiness check of a container, as in the probe of its manifest. */
export function readinessOf({ service, address }: RunningContainer): () => Promise<boolean> {
  const { grpc, httpGet } = manifestOf(service).readinessProbe;
  return async () => {
    try {
      if (grpc !== undefined) return (await healthOf(address, PROBE_LIMIT_MS, grpc.service)) === 'SERVING';
      const signal = AbortSignal.timeout(PROBE_LIMIT_MS);
      return (await fetch(`http://${address}${httpGet?.path}`, { signal })).ok;
    } catch {
      return false;
    }
  };
}

/** The memory of a container in bytes, without the page cache. */
export async function memoryOf({ name }: RunningContainer): Promise<number> {
  const text = await docker('stats', '--no-stream', '--format={{.MemUsage}}', name);
  const [, amount = '', unit = ''] = /^([\d.]+)(KiB|MiB|GiB)/.exec(text) ?? [];
  return Number(amount) * 1024 ** (['KiB', 'MiB', 'GiB'].indexOf(unit) + 1);
}

/** The lines that a container has logged. */
export async function logOf({ name }: RunningContainer): Promise<Readonly<Record<string, unknown>>[]> {
  const text = await docker('logs', name);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Waits until a container has ended. Returns its exit code. */
export async function exitCodeOf({ name }: RunningContainer): Promise<number> {
  return Number(await docker('wait', name));
}
