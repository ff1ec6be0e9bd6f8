import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { environment } from '../config/config.ts';
import { type PostgresAddress, parsePostgresUrl, SERVICE_PLACEHOLDER } from '../config/postgres-url.ts';

/** What a test does with a PostgreSQL server. */
export type PostgresAdministration = {
  readonly port: number;
  /** Runs SQL as the superuser. */
  readonly run: (sql: string, database?: string) => Promise<readonly Record<string, unknown>[]>;
  /** Creates a database and its owner, a user of the same name. Returns its URL. */
  readonly create: (name: string) => Promise<string>;
  /** Does that for each of these services. Returns one URL for all, in which `{service}` stands for the name. */
  readonly createEach: (services: readonly string[]) => Promise<string>;
};

/** A PostgreSQL server on a port of loopback, with the superuser `postgres`. */
export function postgresAt(port: number): PostgresAdministration {
  const run: PostgresAdministration['run'] = async (sql, database = 'postgres') => {
    const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database, ssl: false });
    await client.connect();
    try {
      return ((await client.query(sql)) as { rows: Record<string, unknown>[] }).rows;
    } finally {
      await client.end();
    }
  };
  const urlOf = (name: string): string => `postgres://${name}:${name}@127.0.0.1:${port}/${name}`;
  const create: PostgresAdministration['create'] = async (name) => {
    await run(`CREATE ROLE ${name} LOGIN PASSWORD '${name}'`);
    await run(`CREATE DATABASE ${name} OWNER ${name}`);
    await run(`REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC`);
    return urlOf(name);
  };
  return {
    port,
    run,
    create,
    createEach: async (services) => {
      for (const name of services) await create(name);
      return urlOf(SERVICE_PLACEHOLDER);
    },
  };
}

/** The server of this test run, without fsync, which test/global-setup.js starts. */
export function sharedPostgres(): PostgresAdministration {
  const { TEST_POSTGRES_PORT: port } = environment();
  if (port === undefined) throw new Error('PostgreSQL is not installed (Debian: apt-get install postgresql)');
  return postgresAt(Number(port));
}

/** A new database on the server of this test run. */
export async function newDatabase(): Promise<PostgresAddress> {
  const url = await sharedPostgres().create(`test_${randomBytes(8).toString('hex')}`);
  const address = parsePostgresUrl(url, '');
  if (address === undefined) throw new Error(`not a URL: ${url}`);
  return address;
}
