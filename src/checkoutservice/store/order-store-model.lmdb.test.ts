import { openEmbeddedDatabase } from '../../lib/store/embedded-database.ts';
import { temporaryFolder } from '../../lib/testing/temporary-folder.ts';
import { testRuntime } from '../../lib/testing/test-runtime.ts';
import { openLmdbOrderStore } from './order-store.lmdb.ts';
import { itMatchesTheModel, type ModelSubject } from './order-store-model.contract.ts';

const { newId } = testRuntime();

/** The replicas share the handle of the database: LMDB allows one in a process. */
async function openSubject(): Promise<ModelSubject> {
  const folder = temporaryFolder();
  const database = await openEmbeddedDatabase({ dataDirectory: folder.path, service: 'checkoutservice' });
  return {
    open: () => openLmdbOrderStore({ database, newId }),
    [Symbol.asyncDispose]: async () => {
      await database[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

describe('the order store on LMDB', () => {
  itMatchesTheModel(openSubject, 60);
});
