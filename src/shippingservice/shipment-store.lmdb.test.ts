import { type EmbeddedDatabase, openEmbeddedDatabase } from '../lib/store/embedded-database.ts';
import { temporaryFolder } from '../lib/testing/temporary-folder.ts';
import { itKeepsShipments } from './shipment-store.contract.ts';
import { openLmdbShipmentStore } from './shipment-store.lmdb.ts';
import type { ShipmentStore } from './shipment-store.ts';

describe('the shipment store on LMDB', () => {
  const folder = temporaryFolder();
  let database: EmbeddedDatabase;
  let store: ShipmentStore;

  beforeAll(async () => {
    database = await openEmbeddedDatabase({ dataDirectory: folder.path, service: 'shippingservice' });
    store = openLmdbShipmentStore(database);
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  itKeepsShipments(() => store);
});
