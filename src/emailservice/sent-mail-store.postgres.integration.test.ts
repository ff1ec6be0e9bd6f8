import { openPostgresDatabase, type PostgresDatabase } from '../lib/store/postgres/postgres-database.ts';
import { newDatabase } from '../lib/testing/postgres-administration.ts';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import { itRemembersSentMails } from './sent-mail-store.contract.ts';
import { openPostgresSentMailStore, sentMailMigrations } from './sent-mail-store.postgres.ts';
import type { SentMailStore } from './sent-mail-store.ts';

describe('the store of sent mails on PostgreSQL', () => {
  let database: PostgresDatabase;
  let store: SentMailStore;

  beforeAll(async () => {
    const address = await newDatabase();
    database = await openPostgresDatabase({ address, migrations: sentMailMigrations, runtime: testRuntime() });
    store = openPostgresSentMailStore(database);
  });
  afterAll(async () => await database[Symbol.asyncDispose]());

  itRemembersSentMails(() => store);
});
