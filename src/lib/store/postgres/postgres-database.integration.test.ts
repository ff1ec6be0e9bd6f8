import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import { type PostgresAddress, parsePostgresUrl } from '../../config/postgres-url.ts';
import type { DomainError } from '../../errors.ts';
import { eventually } from '../../testing/eventually.ts';
import { freePort } from '../../testing/free-port.ts';
import { newDatabase, sharedPostgres } from '../../testing/postgres-administration.ts';
import { serverIdentity, startPostgres, type TestPostgres } from '../../testing/postgres-server.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { testRuntime } from '../../testing/test-runtime.ts';
import { MAX_CONNECTIONS } from './acquire-connection.ts';
import type { Migrations } from './migrate.ts';
import { openPostgresDatabase, type PostgresDatabase } from './postgres-database.ts';

const NOTES: Migrations = { '0001-notes': 'CREATE TABLE notes (id text PRIMARY KEY, body jsonb, amount numeric);' };
const TWO: Migrations = { ...NOTES, '0002-author': 'ALTER TABLE notes ADD COLUMN author text;' };
const THREE: Migrations = { ...TWO, '0003-editor': 'ALTER TABLE notes ADD COLUMN editor text;' };

const open = async (address: PostgresAddress, migrations = NOTES, runtime = testRuntime()): Promise<PostgresDatabase> =>
  await openPostgresDatabase({ address, migrations, runtime });

/** Opens a database that cannot be used, and returns the error. */
async function refusal(address: PostgresAddress, migrations = NOTES): Promise<string> {
  const failure: unknown = await open(address, migrations).catch((error: unknown) => error);
  if (!(failure instanceof Error)) throw new Error('it was opened');
  return `${failure.name}: ${failure.message}`;
}

const shown = ({ user, host, port, database }: PostgresAddress): string =>
  `ConfigError: DATABASE_URL=postgres://${user}@${host}:${port}/${database}`;

describe('a statement', () => {
  let database: PostgresDatabase;

  beforeAll(async () => {
    database = await open(await newDatabase());
  });
  afterAll(async () => await database[Symbol.asyncDispose]());

  it('reads what another one stored: JSON with bigints, exact amounts and numbers', async () => {
    await database.query(`INSERT INTO notes VALUES ('a', $1::jsonb, $2)`, ['{"n":{"$bigint":"12"}}', 10n ** 27n + 1n]);
    const rows = await database.query(`SELECT body, amount, count(*) OVER () AS count FROM notes WHERE id = 'a'`);
    expect(rows).toEqual([{ body: { n: 12n }, amount: 10n ** 27n + 1n, count: 1 }]);
  });

  it('is acknowledged when it is durable, and ended by the server after two seconds', async () => {
    const rows = await database.query(
      `SELECT current_setting('synchronous_commit') AS commit, current_setting('statement_timeout') AS timeout`,
    );
    expect(rows).toEqual([{ commit: 'on', timeout: '2s' }]);
  });

  it('is repeated when a concurrent one stored the same key first', async () => {
    const insert = `INSERT INTO notes (id) SELECT 'b' WHERE NOT EXISTS (SELECT FROM notes WHERE id = 'b') RETURNING id`;
    const all = await Promise.all(Array.from({ length: 10 }, () => database.query(insert)));
    expect(all.flat()).toEqual([{ id: 'b' }]);
  });

  it('that is wrong fails as the bug that it is', async () => {
    await expect(database.query('SELECT nothing FROM nowhere')).rejects.toThrow('relation "nowhere" does not exist');
  });
});

describe('the schema', () => {
  it('is made once by several processes that start at the same time', async () => {
    const address = await newDatabase();
    const all = await Promise.all(Array.from({ length: 4 }, () => open(address, THREE)));
    const rows = await all[0]?.query('SELECT name FROM migrations ORDER BY name');
    expect(rows?.map((row) => (row as { name: string }).name)).toEqual(Object.keys(THREE));
    await Promise.all(all.map((one) => one[Symbol.asyncDispose]()));
  });

  it('of the next version is used, and one of a later version is refused', async () => {
    const address = await newDatabase();
    await (await open(address, TWO))[Symbol.asyncDispose]();
    await using previous = await open(address, NOTES);
    await previous.query(`INSERT INTO notes (id) VALUES ('by the previous version')`);
    await (await open(address, THREE))[Symbol.asyncDispose]();
    expect(await refusal(address, NOTES)).toBe(
      `${shown(address)}: the schema has version 3, and this version of the code works with 1 and 2. Start a newer version, or choose another database`,
    );
  });

  it('of another service is refused', async () => {
    const address = await newDatabase();
    await (await open(address))[Symbol.asyncDispose]();
    expect(await refusal(address, { '0001-letters': 'CREATE TABLE letters (id text)' })).toBe(
      `${shown(address)}: the database is that of another service: it has the migration 0001-notes`,
    );
  });

  it('is not changed by a migration that fails', async () => {
    const address = await newDatabase();
    await expect(open(address, { ...NOTES, '0002-wrong': 'CREATE TABLE notes (id text)' })).rejects.toThrow('exists');
    await using database = await open(address);
    expect(await database.query('SELECT id FROM notes')).toEqual([]);
  });
});

describe('a database that cannot be used', () => {
  it('is refused when it does not exist, belongs to another user, or does not let the user create tables', async () => {
    const { create, run } = sharedPostgres();
    const [mine, theirs] = [await newDatabase(), await newDatabase()];
    expect(await refusal({ ...mine, database: 'no_such' })).toBe(
      `${shown({ ...mine, database: 'no_such' })}: the server has no such database (database "no_such" does not exist)`,
    );
    expect(await refusal({ ...mine, database: theirs.database })).toContain('the user may not do this');
    const url = await create('poor');
    await run('ALTER DATABASE poor OWNER TO postgres');
    await run('GRANT CONNECT ON DATABASE poor TO poor');
    // Before version 15 every user may create tables in it.
    await run('REVOKE CREATE ON SCHEMA public FROM PUBLIC', 'poor');
    const poor = parsePostgresUrl(url, '') ?? mine;
    expect(await refusal(poor)).toBe(
      `${shown(poor)}: the user may not do this; it must own the database (permission denied for schema public)`,
    );
  });

  it('is refused when its commits are acknowledged before they are durable', async () => {
    const address = await newDatabase();
    await sharedPostgres().run(`ALTER ROLE ${address.user} SET synchronous_commit = off`);
    expect(await refusal(address)).toBe(
      `${shown(address)}: synchronous_commit is off there, so a crash of the server would lose orders`,
    );
  });

  it('is refused when the server has no TLS and the URL asks for it', async () => {
    const tls = { verified: true, rootCertificate: undefined, certificate: undefined, key: undefined };
    expect(await refusal({ ...(await newDatabase()), tls })).toContain(
      ': TLS fails; see sslmode and sslrootcert (The server does not support SSL connections)',
    );
  });
});

describe('a server without a free connection', () => {
  let address: PostgresAddress;
  const allow = async (connections: number): Promise<void> => {
    await sharedPostgres().run(`ALTER ROLE ${address.user} CONNECTION LIMIT ${connections}`);
  };
  const disconnect = async (): Promise<void> => {
    const pids = `SELECT pid FROM pg_stat_activity WHERE usename = '${address.user}'`;
    await sharedPostgres().run(`SELECT pg_terminate_backend(pid) FROM (${pids}) AS own`);
    await eventually('every connection is closed', async () => (await sharedPostgres().run(pids)).length === 0);
  };

  beforeEach(async () => {
    address = await newDatabase();
  });

  it('makes calls take turns on the connections that the service has', async () => {
    await allow(2);
    const runtime = testRuntime();
    await using database = await open(address, NOTES, runtime);
    const all = await Promise.all(Array.from({ length: 20 }, () => database.query('SELECT pg_backend_pid() AS pid')));
    expect(new Set(all.map(([row]) => (row as { pid: number }).pid)).size).toBeLessThanOrEqual(2);
    expect(runtime.logs.lines.map(({ msg }) => msg)).toEqual(['database ready']);
  });

  it('fails calls before anything is stored, with one log line that names the cause, until it has one again', async () => {
    const runtime = testRuntime();
    await using database = await open(address, NOTES, runtime);
    await allow(0);
    await disconnect();
    const all = await Promise.allSettled([
      database.query('SELECT 1'),
      database.transaction((query) => query('SELECT 1')),
    ]);
    for (const one of all) {
      expect(one).toMatchObject({
        reason: { kind: 'unavailable', reason: 'STORE_UNAVAILABLE', metadata: { nothing_stored: 'true' } },
      });
    }
    const warnings = runtime.logs.lines.filter(({ msg }) => msg === 'database unavailable');
    expect(warnings).toHaveLength(1);
    expect(JSON.stringify(warnings)).toContain(
      `the server has no free connection; raise max_connections, or run fewer replicas (too many connections for role`,
    );
    await allow(-1);
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('makes a service that starts not ready, until it has one', async () => {
    await allow(0);
    await using database = await open(address);
    const ready: boolean[] = [];
    database.onReady((now) => ready.push(now));
    expect(ready).toEqual([false]);
    await allow(-1);
    await eventually('the database is ready', () => ready.length === 2);
    expect(ready).toEqual([false, true]);
  });

  it('opens no more than MAX_CONNECTIONS for a service, however many calls there are', async () => {
    await using database = await open(address);
    const pids = Array.from({ length: 4 * MAX_CONNECTIONS }, () => database.query('SELECT pg_backend_pid() AS pid'));
    const all = await Promise.all(pids);
    expect(new Set(all.map(([row]) => (row as { pid: number }).pid)).size).toBe(MAX_CONNECTIONS);
  });
});

describe('the server', () => {
  let server: TestPostgres;
  let address: PostgresAddress;

  beforeAll(async () => {
    server = await startPostgres();
    address = parsePostgresUrl(await server.create('notes'), '') ?? (await newDatabase());
  });
  afterAll(async () => await server[Symbol.asyncDispose]());

  it('refuses a wrong password with the name of the setting', async () => {
    const wrong = { ...address, password: 'wrong' };
    expect(await refusal(wrong)).toBe(
      `${shown(address)}: the server refuses the user or the password (password authentication failed for user "notes")`,
    );
  });

  it('may be away at the start: the database is not ready, and becomes ready by itself', async () => {
    await server.stop();
    const runtime = testRuntime();
    await using database = await open(address, NOTES, runtime);
    const ready: boolean[] = [];
    database.onReady((now) => ready.push(now));
    await expect(database.query('SELECT 1')).rejects.toMatchObject({
      kind: 'unavailable',
      reason: 'STORE_UNAVAILABLE',
    });
    expect(ready).toEqual([false]);
    await server.start();
    await eventually('the database is ready', () => ready.length === 2);
    expect(ready).toEqual([false, true]);
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(runtime.logs.lines.map(({ msg }) => msg)).toEqual(['database unavailable', 'database ready']);
  });

  it('is measured: 1 while it can be used, and 0 after an outage was noticed', async () => {
    const runtime = testRuntime();
    await using database = await open(address, NOTES, runtime);
    const isReady = async (value: number): Promise<boolean> =>
      (await runtime.metrics.registry.metrics()).includes(`mercato_database_ready{service="testservice"} ${value}`);
    expect(await isReady(1)).toBe(true);
    await server.stop();
    await eventually('the outage is measured', () => isReady(0));
    await server.start();
    await eventually('the return is measured', () => isReady(1));
    await database.query('SELECT 1');
  });

  it('may be stopped or killed while the service runs: statements fail, and work again when it is back', async () => {
    const runtime = testRuntime();
    await using database = await open(address, NOTES, runtime);
    for (const end of [server.stop, server.kill]) {
      await Promise.all(Array.from({ length: 5 }, () => database.query('SELECT 1')));
      await end();
      await expect(database.query('SELECT 1')).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE' });
      await server.start();
      expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    }
    const messages = runtime.logs.lines.map(({ msg }) => msg);
    expect(messages).toEqual(['database ready', ...Array(2).fill(['database unavailable', 'database ready']).flat()]);
  });

  it('may stop replying: statements fail after a limit, and work again when it replies', async () => {
    await using database = await open(address);
    server.pause();
    try {
      // The first one has a connection, and may have been executed; the second one gets none.
      const all = await Promise.allSettled([database.query('SELECT 1'), database.query('SELECT 1')]);
      const metadata = all.map((one) =>
        one.status === 'rejected' ? (one.reason as DomainError).metadata : 'fulfilled',
      );
      expect(metadata).toEqual([{}, { nothing_stored: 'true' }]);
    } finally {
      server.resume();
    }
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('that is unknown, or does not listen, is awaited', async () => {
    for (const away of [
      { ...address, host: 'no-such-host.invalid' },
      { ...address, port: await freePort() },
    ]) {
      await using database = await open(away);
      await expect(database.query('SELECT 1')).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE' });
    }
  });
});

describe('a connection with TLS', () => {
  const folder = temporaryFolder();
  const certificate = join(folder.path, 'server.pem');
  let server: TestPostgres;
  let address: PostgresAddress;
  const tls = { verified: true, rootCertificate: certificate, certificate: undefined, key: undefined };

  beforeAll(async () => {
    chmodSync(folder.path, 0o755);
    const key = join(folder.path, 'server.key');
    const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    execFileSync('openssl', ['req', '-x509', ...newKey, ...name, '-keyout', key, '-out', certificate], {
      stdio: 'ignore',
    });
    const { uid, gid = uid } = serverIdentity();
    if (uid !== undefined && gid !== undefined) chownSync(key, uid, gid);
    server = await startPostgres({ settings: ['ssl=on', `ssl_cert_file=${certificate}`, `ssl_key_file=${key}`] });
    address = parsePostgresUrl(await server.create('notes'), '') ?? (await newDatabase());
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it.each([
    ['checks the certificate of the server', tls],
    ['does not check it with sslmode=require', { ...tls, verified: false, rootCertificate: undefined }],
  ])('%s', async (_what, options) => {
    await using database = await open({ ...address, tls: options });
    const [row] = await database.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    expect(row).toEqual({ ssl: true });
  });

  it('is refused when the certificate has an unknown authority or another name', async () => {
    expect(await refusal({ ...address, tls: { ...tls, rootCertificate: undefined } })).toContain(
      ': TLS fails; see sslmode and sslrootcert (self-signed certificate)',
    );
    expect(await refusal({ ...address, host: 'localhost', tls })).toContain(
      ': TLS fails; see sslmode and sslrootcert (',
    );
  });

  it('is refused when the file of the authority cannot be read', async () => {
    expect(await refusal({ ...address, tls: { ...tls, rootCertificate: '/no/such/file' } })).toContain(
      ': a file of TLS cannot be read (ENOENT',
    );
  });
});
