import { type EmbeddedDatabase, openEmbeddedDatabase } from '../lib/store/embedded-database.ts';
import { temporaryFolder } from '../lib/testing/temporary-folder.ts';
import { itRemembersSentMails } from './sent-mail-store.contract.ts';
import { openLmdbSentMailStore } from './sent-mail-store.lmdb.ts';
import type { SentMailStore } from './sent-mail-store.ts';

describe('the store of sent mails on LMDB', () => {
  const folder = temporaryFolder();
  let database: EmbeddedDatabase;
  let store: SentMailStore;

  beforeAll(async () => {
    database = await openEmbeddedDatabase({ dataDirectory: folder.path, service: 'emailservice' });
    store = openLmdbSentMailStore(database);
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  itRemembersSentMails(() => store);
});
