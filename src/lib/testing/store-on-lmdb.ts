import { type EmbeddedDatabase, openEmbeddedDatabase } from '../store/embedded-database.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Opens a store on LMDB before the tests of a `describe`, and closes it after them. Returns the store during the tests. */
export function storeOnLmdb<S>(open: (database: EmbeddedDatabase) => S): () => S {
  const folder = temporaryFolder();
  let database: EmbeddedDatabase;
  let store: S;
  beforeAll(async () => {
    database = await openEmbeddedDatabase({ dataDirectory: folder.path, service: 'service' });
    store = open(database);
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });
  return () => store;
}
