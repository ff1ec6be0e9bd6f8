import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { environment } from '../../src/lib/config/config.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { freePort } from '../../src/lib/testing/free-port.ts';
import { programPath, serverIdentity } from '../../src/lib/testing/postgres-server.ts';
import { BASE } from './base.ts';

/** How a client logs in; the database is that of the user unless it is named. */
export type Login = { readonly user: string; readonly password?: string; readonly database?: string };

/** A PostgreSQL server that the start script of the pod starts, with the files of the pod in a temporary folder. */
export type StartedPostgres = AsyncDisposable & {
  readonly port: number;
  /** The folder of a database, which contains its password. */
  readonly folderOf: (service: string) => string;
  /** Writes the password of a database, as the Secrets do. */
  readonly setPassword: (service: string, password: string) => void;
  /**
   * Runs the script until the server accepts connections.
   *
   * @throws {Error} with the output of the script, when it ends before
   */
  readonly start: () => Promise<void>;
  /** Sends a signal to the server and waits for its end. */
  readonly end: (signal: NodeJS.Signals) => Promise<void>;
  /** Runs a statement on a new connection. */
  readonly query: (login: Login, statement: string) => Promise<readonly Record<string, unknown>[]>;
};

/** Makes the folder; {@link StartedPostgres.start} starts the server, which listens on the address `host`. */
export async function preparePostgres(host = '127.0.0.1'): Promise<StartedPostgres> {
  const port = await freePort();
  const identity = serverIdentity();
  const folder = mkdtempSync(join(tmpdir(), 'mercato-start-'));
  // The user of the server may not read the folder of the project.
  cpSync(projectPath(BASE, 'postgres'), join(folder, 'scripts'), { recursive: true });
  for (const name of ['databases', 'run', 'volume']) mkdirSync(join(folder, name));
  const { uid, gid } = identity;
  if (uid !== undefined) {
    for (const name of ['', 'run', 'volume']) chownSync(join(folder, name), uid, gid ?? uid);
  }
  const env = {
    ...environment(),
    PATH: `${dirname(programPath('initdb'))}:${environment().PATH}`,
    PGDATA: join(folder, 'volume', 'data'),
    PGHOST: join(folder, 'run'),
    PGPORT: String(port),
    DATABASES: join(folder, 'databases'),
  };
  let end: StartedPostgres['end'] = async () => {};

  const start = async (): Promise<void> => {
    const script = spawn('sh', [join(folder, 'scripts', 'start.sh'), '-c', `listen_addresses=${host}`], {
      ...identity,
      env,
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [script.stdout, script.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    const exited = once(script, 'exit');
    end = async (signal) => {
      script.kill(signal);
      await exited;
    };
    await eventually('PostgreSQL accepts connections', () => {
      if (script.exitCode !== null) throw new Error(`the script ended: ${output}`);
      return /listening on IPv4[\s\S]*ready to accept connections/.test(output);
    });
  };
  const folderOf = (service: string): string => join(folder, 'databases', service);
  return {
    port,
    folderOf,
    setPassword: (service, password) => {
      mkdirSync(folderOf(service), { recursive: true });
      writeFileSync(join(folderOf(service), 'password'), password);
    },
    start,
    end: async (signal) => await end(signal),
    query: async ({ user, password, database = user }, statement) => {
      const client = new Client({ host, port, user, password: password ?? '', database, ssl: false });
      try {
        await client.connect();
        return ((await client.query(statement)) as { rows: Record<string, unknown>[] }).rows;
      } finally {
        await client.end();
      }
    },
    [Symbol.asyncDispose]: async () => {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
