import type { Pool } from 'pg';
import type { PostgresAddress } from '../../config/postgres-url.ts';
import { unusableDatabase } from './postgres-errors.ts';

/**
 * The SQL of each version of a schema, by a name such as `0001-orders`: a number without gaps, then what it adds. A
 * migration that was released is never changed. It only adds, because the previous version of the code keeps running on the
 * new schema while a deployment is in progress, and after a rollback.
 */
export type Migrations = Readonly<Record<string, string>>;

const TABLE = 'migrations';

/**
 * Brings the schema to the version of the code. Concurrent processes take turns: an advisory lock serializes them. All
 * pending migrations are one transaction.
 *
 * @param options.unlimited opens a pool whose statements have no time limit
 * @throws {ConfigError} when the schema is two versions newer than the code, or is that of another service
 */
export async function migrate(options: {
  readonly pool: Pool;
  readonly unlimited: () => Pool;
  readonly migrations: Migrations;
  readonly address: PostgresAddress;
}): Promise<void> {
  const { pool, unlimited, migrations, address } = options;
  const names = Object.keys(migrations);
  const executed = await executedMigrations(pool);
  const unknown = executed.filter((name) => !names.includes(name));
  const oldest = Math.min(...unknown.map(numberOf));
  if (oldest <= names.length) {
    throw unusableDatabase(address, `the database is that of another service: it has the migration ${unknown[0]}`);
  }
  const newest = Math.max(0, ...executed.map(numberOf));
  if (newest > names.length + 1) {
    const problem = `the schema has version ${newest}, and this version of the code works with ${names.length} and ${names.length + 1}`;
    throw unusableDatabase(address, `${problem}. Start a newer version, or choose another database`);
  }
  if (names.every((name) => executed.includes(name))) return;
  await run(unlimited(), migrations);
}

async function executedMigrations(pool: Pool): Promise<string[]> {
  const { rows: tables } = await pool.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [TABLE]);
  if (tables[0]?.found !== true) return [];
  const { rows } = await pool.query<{ name: string }>(`SELECT name FROM ${TABLE} ORDER BY name`);
  return rows.map(({ name }) => name);
}

async function run(pool: Pool, migrations: Migrations): Promise<void> {
  // Loaded on demand: most starts find a current schema.
  const { Kysely, Migrator, PostgresDialect, sql } = await import('kysely');
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  const provider = {
    getMigrations: async () =>
      Object.fromEntries(
        Object.entries(migrations).map(([name, statements]) => [
          name,
          { up: async (transaction: typeof db) => void (await sql.raw(statements).execute(transaction)) },
        ]),
      ),
  };
  const migrator = new Migrator({
    db,
    provider,
    migrationTableName: TABLE,
    migrationLockTableName: `${TABLE}_lock`,
  });
  try {
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
  } finally {
    await db.destroy();
  }
}

function numberOf(name: string): number {
  return Number.parseInt(name, 10);
}
