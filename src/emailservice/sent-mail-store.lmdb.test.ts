import { storeOnLmdb } from '../lib/testing/store-on-lmdb.ts';
import { itRemembersSentMails } from './sent-mail-store.contract.ts';
import { openLmdbSentMailStore } from './sent-mail-store.lmdb.ts';

describe('the store of sent mails on LMDB', () => {
  itRemembersSentMails(storeOnLmdb(openLmdbSentMailStore));
});
