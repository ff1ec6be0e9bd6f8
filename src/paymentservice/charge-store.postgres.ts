import { resultForRepeat } from '../lib/store/idempotent-table.ts';
import type { Migrations } from '../lib/store/postgres/migrate.ts';
import type { PostgresDatabase } from '../lib/store/postgres/postgres-database.ts';
import type { DeclineReason } from '../reasons.ts';
import type { Charge } from './charge.ts';
import { type ChargeOutcome, type ChargeStore, transactionUnknown } from './charge-store.ts';

/** The schema of the charges. Amounts are in billionths of a unit. */
export const chargeMigrations: Migrations = {
  '0001-charges': `
    CREATE TABLE charges (
      transaction_id text PRIMARY KEY,
      currency text NOT NULL,
      amount_nanos numeric NOT NULL CHECK (amount_nanos > 0),
      refunded_nanos numeric NOT NULL DEFAULT 0 CHECK (refunded_nanos BETWEEN 0 AND amount_nanos)
    );
    -- The outcome of a key: a charge, a decline, or neither when the key is fenced.
    CREATE TABLE charge_keys (
      key text PRIMARY KEY,
      fingerprint text,
      transaction_id text REFERENCES charges,
      decline_reason text
    );
    CREATE TABLE refund_keys (
      key text PRIMARY KEY,
      fingerprint text NOT NULL,
      refund_id text NOT NULL
    );`,
};

// Stores the outcome unless the key has one. A concurrent call with the same key makes it fail on the primary key, and
// it is repeated.
const CHARGE = `
  WITH known AS (SELECT * FROM charge_keys WHERE key = $1),
    made AS (
      INSERT INTO charges (transaction_id, currency, amount_nanos)
      SELECT $3, $4, $5 WHERE $3::text IS NOT NULL AND NOT EXISTS (SELECT FROM known)
    ),
    kept AS (
      INSERT INTO charge_keys (key, fingerprint, transaction_id, decline_reason)
      SELECT $1, $2, $3, $6 WHERE $1::text IS NOT NULL AND NOT EXISTS (SELECT FROM known)
    )
  SELECT key, fingerprint, decline_reason, transaction_id, currency, amount_nanos, refunded_nanos
  FROM known LEFT JOIN charges USING (transaction_id)`;

const FIND_OR_FENCE = `
  WITH known AS (SELECT * FROM charge_keys WHERE key = $1),
    fenced AS (INSERT INTO charge_keys (key) SELECT $1 WHERE NOT EXISTS (SELECT FROM known))
  SELECT key, fingerprint, decline_reason, transaction_id, currency, amount_nanos, refunded_nanos
  FROM known LEFT JOIN charges USING (transaction_id)`;

const FIND_REFUND = `
  SELECT refunds.fingerprint, refunds.refund_id, transaction_id, currency, amount_nanos, refunded_nanos
  FROM (SELECT $1::text AS key, $2::text AS transaction_id) AS asked
    LEFT JOIN refund_keys AS refunds USING (key)
    LEFT JOIN charges USING (transaction_id)`;

const REFUND = `
  WITH changed AS (
      UPDATE charges SET refunded_nanos = $5 WHERE transaction_id = $3 AND refunded_nanos = $4 RETURNING transaction_id
    ),
    kept AS (
      INSERT INTO refund_keys (key, fingerprint, refund_id)
      SELECT $1, $2, $6 FROM changed WHERE $1::text IS NOT NULL
    )
  SELECT transaction_id FROM changed`;

type ChargeRow = {
  readonly transaction_id: string;
  readonly currency: string;
  readonly amount_nanos: bigint;
  readonly refunded_nanos: bigint;
};

type KeyRow = { readonly fingerprint: string | null } & (
  | ({ readonly decline_reason: null } & ChargeRow)
  | { readonly decline_reason: DeclineReason; readonly transaction_id: null }
  | { readonly decline_reason: null; readonly transaction_id: null }
);

type RefundRow = (ChargeRow | { readonly currency: null }) & {
  readonly fingerprint: string | null;
  readonly refund_id: string | null;
};

/** Stores charges in PostgreSQL. */
export function openPostgresChargeStore({ query }: Pick<PostgresDatabase, 'query'>): ChargeStore {
  /** Refunds unless the key has a refund. Returns `undefined` when a concurrent refund changed the charge. */
  const tryRefund = async (...[request, refunded]: Parameters<ChargeStore['refund']>) => {
    const { key, fingerprint, transactionId, refundId } = request;
    const [found] = await query<RefundRow>(FIND_REFUND, [key, transactionId]);
    if (found === undefined) throw new Error('FIND_REFUND always returns a row');
    if (found.refund_id !== null) {
      const stored = { fingerprint: found.fingerprint, result: found.refund_id };
      return { refundId: resultForRepeat(stored, fingerprint), isRepeat: true };
    }
    if (found.currency === null) throw transactionUnknown();
    const { refunded: after } = refunded(chargeOf(found));
    const values = [key, fingerprint, transactionId, found.refunded_nanos, after.nanos, refundId];
    const changed = await query(REFUND, values);
    return changed.length === 0 ? undefined : { refundId, isRepeat: false };
  };
  return {
    charge: async ({ key, fingerprint }, decide) => {
      const outcome = decide();
      const made = 'made' in outcome ? outcome.made : undefined;
      const declined = 'declined' in outcome ? outcome.declined : undefined;
      const amount = [made?.transactionId, made?.amount.currency, made?.amount.nanos];
      const [known] = await query<KeyRow>(CHARGE, [key, fingerprint, ...amount, declined]);
      if (known === undefined) return { outcome, isRepeat: false };
      const stored = { fingerprint: known.fingerprint, result: outcomeOf(known) };
      return { outcome: resultForRepeat(stored, fingerprint), isRepeat: true };
    },
    findOrFence: async (key) => {
      const [known] = await query<KeyRow>(FIND_OR_FENCE, [key]);
      return known === undefined ? undefined : outcomeOf(known);
    },
    refund: async (request, refunded) => {
      for (;;) {
        const result = await tryRefund(request, refunded);
        if (result !== undefined) return result;
      }
    },
  };
}

/** The outcome of a key; `undefined` when it is fenced. */
function outcomeOf(row: KeyRow): ChargeOutcome | undefined {
  if (row.decline_reason !== null) return { declined: row.decline_reason };
  return row.transaction_id === null ? undefined : { made: chargeOf(row) };
}

function chargeOf({ transaction_id, currency, amount_nanos, refunded_nanos }: ChargeRow): Charge {
  return {
    transactionId: transaction_id,
    amount: { currency, nanos: amount_nanos },
    refunded: { currency, nanos: refunded_nanos },
  };
}
