import { storeOnPostgres } from '../lib/testing/store-on-postgres.ts';
import { itRemembersSentMails } from './sent-mail-store.contract.ts';
import { openPostgresSentMailStore, sentMailMigrations } from './sent-mail-store.postgres.ts';

describe('the store of sent mails on PostgreSQL', () => {
  itRemembersSentMails(storeOnPostgres(sentMailMigrations, openPostgresSentMailStore));
});
