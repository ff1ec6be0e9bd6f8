import { openPostgresDatabase, type PostgresDatabase } from '../lib/store/postgres/postgres-database.ts';
import { newDatabase } from '../lib/testing/postgres-administration.ts';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import { itKeepsShipments } from './shipment-store.contract.ts';
import { openPostgresShipmentStore, shipmentMigrations } from './shipment-store.postgres.ts';
import type { ShipmentStore } from './shipment-store.ts';

describe('the shipment store on PostgreSQL', () => {
  let database: PostgresDatabase;
  let store: ShipmentStore;

  beforeAll(async () => {
    const address = await newDatabase();
    database = await openPostgresDatabase({ address, migrations: shipmentMigrations, runtime: testRuntime() });
    store = openPostgresShipmentStore(database);
  });
  afterAll(async () => await database[Symbol.asyncDispose]());

  itKeepsShipments(() => store);
});
