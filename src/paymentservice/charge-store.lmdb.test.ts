import { type EmbeddedDatabase, openEmbeddedDatabase } from '../lib/store/embedded-database.ts';
import { temporaryFolder } from '../lib/testing/temporary-folder.ts';
import { itKeepsCharges } from './charge-store.contract.ts';
import { openLmdbChargeStore } from './charge-store.lmdb.ts';
import type { ChargeStore } from './charge-store.ts';

describe('the charge store on LMDB', () => {
  const folder = temporaryFolder();
  let database: EmbeddedDatabase;
  let store: ChargeStore;

  beforeAll(async () => {
    database = await openEmbeddedDatabase({ dataDirectory: folder.path, service: 'paymentservice' });
    store = openLmdbChargeStore(database);
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  itKeepsCharges(() => store);
});
