import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { environment } from '../config/config.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { type PostgresAdministration, postgresAt } from './postgres-administration.ts';
import { childrenOf } from './processes.ts';

/** A PostgreSQL server of a test, on loopback. The superuser needs no password, and other users need theirs. */
export type TestPostgres = AsyncDisposable &
  PostgresAdministration & {
    /** Ends the server without a last write, as a power failure does. Transactions that it acknowledged survive. */
    readonly kill: () => Promise<void>;
    /** Ends the server in order; connections are closed. */
    readonly stop: () => Promise<void>;
    /** Starts the server again at the same port. */
    readonly start: () => Promise<void>;
    /**
     * Starts a second server that has a copy of every transaction before the first server acknowledges it. Restarts the first
     * server.
     */
    readonly startStandby: () => Promise<PostgresStandby>;
    /** Suspends the server: connections stay open, statements get no reply. */
    readonly pause: () => void;
    /** Lets a suspended server continue. */
    readonly resume: () => void;
  };

/** A server that repeats the transactions of another one, and takes over when it is promoted. */
export type PostgresStandby = AsyncDisposable & PostgresAdministration & { readonly promote: () => Promise<void> };

/** The settings of a server for tests: no background process that costs CPU time. */
const SETTINGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'autovacuum=off', 'shared_buffers=32MB'];

const PORTS_TO_TRY = 10;

const LOGINS = [
  'host all postgres 127.0.0.1/32 trust',
  'host replication postgres 127.0.0.1/32 trust',
  'host all all 127.0.0.1/32 scram-sha-256',
  '',
].join('\n');

/**
 * Creates a database cluster in a temporary folder and starts a server on it.
 *
 * @param options.settings more settings, such as `fsync=off`
 * @throws {Error} when PostgreSQL is not installed; `make test` installs it
 */
export async function startPostgres(options: { readonly settings?: readonly string[] } = {}): Promise<TestPostgres> {
  const identity = serverIdentity();
  const folder = newFolder(identity);
  createCluster(folder, identity);
  writeFileSync(join(folder, 'pg_hba.conf'), LOGINS);
  const server = await startServer({ folder, identity, settings: options.settings ?? [] });
  return {
    ...server,
    startStandby: async () => {
      const copy = newFolder(identity);
      await server.stop();
      // Keeps the owner of the files.
      execFileSync('cp', ['-a', `${folder}/.`, copy]);
      await server.start();
      writeFileSync(join(copy, 'standby.signal'), '');
      const primary = `primary_conninfo=host=127.0.0.1 port=${server.port} user=postgres`;
      const settings = [...(options.settings ?? []), primary];
      const standby = await startServer({ folder: copy, identity, settings });
      await server.run("ALTER SYSTEM SET synchronous_standby_names = '*'");
      await server.run('SELECT pg_reload_conf()');
      await eventually('the standby is synchronous', async () => {
        const [row] = await server.run('SELECT sync_state FROM pg_stat_replication');
        return row?.sync_state === 'sync';
      });
      return { ...standby, promote: async () => void (await standby.run('SELECT pg_promote()')) };
    },
  };
}

function newFolder({ uid, gid }: Identity): string {
  const folder = mkdtempSync(join(tmpdir(), 'mercato-postgres-'));
  if (uid !== undefined) chownSync(folder, uid, gid ?? uid);
  return folder;
}

/** Starts a server on a cluster that exists; the folder is deleted with the server. */
async function startServer(options: {
  readonly folder: string;
  readonly identity: Identity;
  readonly settings: readonly string[];
}): Promise<Omit<TestPostgres, 'startStandby'>> {
  const { folder, identity } = options;
  const settings = [...SETTINGS, ...options.settings].flatMap((setting) => ['-c', setting]);
  let server: ChildProcess | undefined;
  let port = 0;

  const start = async (): Promise<void> => {
    const started = spawn(programPath('postgres'), ['-D', folder, '-p', String(port), ...settings], {
      ...identity,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let output = '';
    started.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    server = started;
    await eventually('PostgreSQL accepts connections', () => {
      if (started.exitCode !== null) throw new Error(`postgres ended: ${output}`);
      return /database system is ready to accept (?:read-only )?connections/.test(output);
    });
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = server;
    server = undefined;
    if (ending === undefined || ending.exitCode !== null) return;
    const exited = once(ending, 'exit');
    ending.kill(signal);
    await exited;
  };
  // Each connection is served by another process.
  const signalAll = (signal: NodeJS.Signals): void => {
    const parent = server?.pid ?? 0;
    for (const pid of [parent, ...childrenOf(parent).map((child) => child.pid)]) process.kill(pid, signal);
  };
  const startAtFreePort = async (): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      port = await freePort();
      try {
        return await start();
      } catch (error) {
        // Another test run on this machine may have taken the port since.
        if (attempt === PORTS_TO_TRY || !String(error).includes('Address already in use')) throw error;
      }
    }
  };
  await startAtFreePort();
  return {
    ...postgresAt(port),
    start,
    kill: async () => await end('SIGQUIT'),
    stop: async () => await end('SIGINT'),
    pause: () => signalAll('SIGSTOP'),
    resume: () => signalAll('SIGCONT'),
    [Symbol.asyncDispose]: async () => {
      await end('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A user and a group by number; empty for those of this process. */
export type Identity = { readonly uid?: number; readonly gid?: number };

/** The user of a server: PostgreSQL refuses to run as root. */
export function serverIdentity(): Identity {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string): number => {
    try {
      return Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
    } catch {
      return 65_534;
    }
  };
  return { uid: idOf('-u'), gid: idOf('-g') };
}

function createCluster(folder: string, identity: Identity): void {
  execFileSync(
    programPath('initdb'),
    ['-D', folder, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...identity, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
}

/** True when this machine has the programs of a PostgreSQL server. */
export function isPostgresInstalled(): boolean {
  return findProgram('initdb') !== undefined;
}

/**
 * The path of a program of PostgreSQL.
 *
 * @throws {Error} when PostgreSQL is not installed
 */
export function programPath(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed (Debian: apt-get install postgresql)`);
  return path;
}

/**
 * The programs are in the folder `POSTGRES_PROGRAMS`, in those of Debian, which installs them outside of the PATH in a folder
 * per version, or on the PATH.
 */
function findProgram(name: string): string | undefined {
  const { POSTGRES_PROGRAMS: chosen } = environment();
  if (chosen !== undefined) return join(chosen, name);
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(environment().PATH ?? '').split(delimiter),
  ];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
