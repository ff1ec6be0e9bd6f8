import { openPostgresDatabase, type PostgresDatabase } from '../../lib/store/postgres/postgres-database.ts';
import { newDatabase } from '../../lib/testing/postgres-administration.ts';
import { testRuntime } from '../../lib/testing/test-runtime.ts';
import { orderMigrations } from './order-schema.postgres.ts';
import { openPostgresOrderStore } from './order-store.postgres.ts';
import { itMatchesTheModel, type ModelSubject } from './order-store-model.contract.ts';

describe('the order store on PostgreSQL', () => {
  const runtime = testRuntime();
  let database: PostgresDatabase;

  const openSubject = async (): Promise<ModelSubject> => {
    await database.query('TRUNCATE orders, order_events, order_rows, order_keys, user_keys, outbox_tasks');
    return {
      open: () => openPostgresOrderStore({ database, newId: runtime.newId }),
      [Symbol.asyncDispose]: async () => {},
    };
  };

  beforeAll(async () => {
    database = await openPostgresDatabase({ address: await newDatabase(), migrations: orderMigrations, runtime });
  });
  afterAll(async () => await database[Symbol.asyncDispose]());

  itMatchesTheModel(openSubject, 40);
});
