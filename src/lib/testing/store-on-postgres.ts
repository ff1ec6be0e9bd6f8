import type { Migrations } from '../store/postgres/migrate.ts';
import { openPostgresDatabase, type PostgresDatabase } from '../store/postgres/postgres-database.ts';
import { newDatabase } from './postgres-administration.ts';
import { testRuntime } from './test-runtime.ts';

/** Opens a store on PostgreSQL before the tests of a `describe`, and closes it after them. Returns the store during the tests. */
export function storeOnPostgres<S>(migrations: Migrations, open: (database: PostgresDatabase) => S): () => S {
  let database: PostgresDatabase;
  let store: S;
  beforeAll(async () => {
    database = await openPostgresDatabase({ address: await newDatabase(), migrations, runtime: testRuntime() });
    store = open(database);
  });
  afterAll(async () => await database[Symbol.asyncDispose]());
  return () => store;
}
