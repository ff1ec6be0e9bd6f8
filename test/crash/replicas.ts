import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { healthOf } from '../../src/lib/grpc/health-of.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { freePort } from '../../src/lib/testing/free-port.ts';
import type { Victim } from './cells.ts';

const POLL_MS = 100;
// Ends a hang.
const START_LIMIT_MS = 600_000;

/** A process of a service that is started again at the same ports whenever it ends. */
export type Replica = AsyncDisposable & {
  readonly service: Victim;
  readonly address: string;
  readonly metricsUrl: string;
  readonly pid: () => number;
  /** False from the end of a process until the next one listens. */
  readonly isUp: () => boolean;
  readonly kill: () => void;
};

/** Starts a replica and waits until it is ready. */
export async function startReplica(service: Victim, variables: Readonly<Record<string, string>>): Promise<Replica> {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const address = `127.0.0.1:${port}`;
  const env = {
    HOST: '127.0.0.1',
    PORT: String(port),
    METRICS_PORT: String(metricsPort),
    TRACES_EXPORTER: 'none',
    LOG_LEVEL: 'fatal',
    ...variables,
  };
  let child: ChildProcess;
  let isUp = false;
  let isStopping = false;
  let starting: Promise<void> = Promise.resolve();
  const start = async (): Promise<void> => {
    const started = spawn(process.execPath, [projectPath('dist', service, 'main.js')], { env, stdio: 'ignore' });
    child = started;
    started.once('exit', () => {
      isUp = false;
      if (!isStopping) starting = start();
    });
    const isServing = async (): Promise<boolean> => {
      await pause(POLL_MS);
      return (await healthOf(address).catch(() => '')) === 'SERVING';
    };
    await eventually(
      `${service} is ready`,
      async () => isStopping || started !== child || (await isServing()),
      START_LIMIT_MS,
    );
    isUp = started === child && started.exitCode === null && started.signalCode === null;
  };
  await start();
  return {
    service,
    address,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    pid: () => child.pid ?? 0,
    isUp: () => isUp,
    kill: () => {
      isUp = false;
      child.kill('SIGKILL');
    },
    [Symbol.asyncDispose]: async () => {
      isStopping = true;
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await starting;
    },
  };
}

/** The replica that has a TCP connection from this local port; `undefined` when it has ended. */
export function replicaOfPort(replicas: readonly Replica[], port: number): Replica | undefined {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n');
  const fields = lines.map((line) => line.trim().split(/\s+/)).find(([, local]) => local?.endsWith(`:${hex}`));
  const inode = fields?.[9];
  return inode === undefined ? undefined : replicas.find((replica) => ownsSocket(replica.pid(), inode));
}

function ownsSocket(pid: number, inode: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`;
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}
