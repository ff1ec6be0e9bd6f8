import { keyReused } from '../lib/store/idempotent-table.ts';
import type { Migrations } from '../lib/store/postgres/migrate.ts';
import type { PostgresDatabase } from '../lib/store/postgres/postgres-database.ts';
import { CLAIM_MS, type SentMailStore } from './sent-mail-store.ts';

/** The schema of the sent mails. */
export const sentMailMigrations: Migrations = {
  '0001-mails': `
    CREATE TABLE mail_keys (
      key text PRIMARY KEY,
      fingerprint text NOT NULL,
      sent boolean NOT NULL DEFAULT false,
      claimed_until_ms bigint NOT NULL
    );`,
};

// Claims a key that is new or whose claim has expired. The row before that says why it cannot be claimed.
const CLAIM = `
  WITH known AS (SELECT * FROM mail_keys WHERE key = $1),
    claimed AS (
      INSERT INTO mail_keys (key, fingerprint, claimed_until_ms) VALUES ($1, $2, $3)
      ON CONFLICT (key) DO UPDATE SET claimed_until_ms = excluded.claimed_until_ms
        WHERE mail_keys.fingerprint = excluded.fingerprint AND NOT mail_keys.sent AND mail_keys.claimed_until_ms <= $4
      RETURNING key
    )
  SELECT EXISTS (SELECT FROM claimed) AS claimed, fingerprint, sent
  FROM (SELECT $1::text AS key) AS asked LEFT JOIN known USING (key)`;

const MARK_SENT = `
  INSERT INTO mail_keys (key, fingerprint, sent, claimed_until_ms) VALUES ($1, $2, true, 0)
  ON CONFLICT (key) DO UPDATE SET fingerprint = excluded.fingerprint, sent = true`;

type ClaimRow = { readonly claimed: boolean; readonly fingerprint: string | null; readonly sent: boolean | null };

/** Remembers sent mails in PostgreSQL. */
export function openPostgresSentMailStore({ query }: Pick<PostgresDatabase, 'query'>): SentMailStore {
  return {
    claim: async ({ key, fingerprint }, nowMs) => {
      const [row] = await query<ClaimRow>(CLAIM, [key, fingerprint, nowMs + CLAIM_MS, nowMs]);
      if (row?.claimed === true) return 'claimed';
      // Without a row before, a concurrent call has claimed the key since this statement began.
      const known = row?.fingerprint ?? undefined;
      if (known !== undefined && known !== fingerprint) throw keyReused();
      return row?.sent === true ? 'sent' : 'claimed-by-other';
    },
    markSent: async ({ key, fingerprint }) => void (await query(MARK_SENT, [key, fingerprint])),
    release: async ({ key }) => void (await query('DELETE FROM mail_keys WHERE key = $1', [key])),
  };
}
