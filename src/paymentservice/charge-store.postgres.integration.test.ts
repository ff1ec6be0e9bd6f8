import { openPostgresDatabase, type PostgresDatabase } from '../lib/store/postgres/postgres-database.ts';
import { newDatabase } from '../lib/testing/postgres-administration.ts';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import { itKeepsCharges } from './charge-store.contract.ts';
import { chargeMigrations, openPostgresChargeStore } from './charge-store.postgres.ts';
import type { ChargeStore } from './charge-store.ts';

describe('the charge store on PostgreSQL', () => {
  let database: PostgresDatabase;
  let store: ChargeStore;

  beforeAll(async () => {
    const address = await newDatabase();
    database = await openPostgresDatabase({ address, migrations: chargeMigrations, runtime: testRuntime() });
    store = openPostgresChargeStore(database);
  });
  afterAll(async () => await database[Symbol.asyncDispose]());

  itKeepsCharges(() => store);
});
