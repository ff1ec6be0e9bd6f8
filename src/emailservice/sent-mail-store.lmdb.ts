import type { EmbeddedDatabase } from '../lib/store/embedded-database.ts';
import { keyReused } from '../lib/store/idempotent-table.ts';
import { CLAIM_MS, type SentMailStore } from './sent-mail-store.ts';

type Known = { readonly fingerprint: string; readonly state: 'sent' | { readonly claimedUntilMs: number } };

/** Remembers sent mails in a database in files of this machine. */
export function openLmdbSentMailStore(database: EmbeddedDatabase): SentMailStore {
  const mails = database.table<Known>('mail-keys');
  return {
    claim: async ({ key, fingerprint }, nowMs) =>
      await database.write(() => {
        const known = mails.get([key]);
        if (known !== undefined && known.fingerprint !== fingerprint) throw keyReused();
        if (known?.state === 'sent') return 'sent';
        if (known !== undefined && known.state.claimedUntilMs > nowMs) return 'claimed-by-other';
        mails.put([key], { fingerprint, state: { claimedUntilMs: nowMs + CLAIM_MS } });
        return 'claimed';
      }),
    markSent: async ({ key, fingerprint }) =>
      await database.write(() => mails.put([key], { fingerprint, state: 'sent' })),
    release: async ({ key }) => await database.write(() => mails.remove([key])),
  };
}
