import { resultForRepeat } from '../lib/store/idempotent-table.ts';
import type { Migrations } from '../lib/store/postgres/migrate.ts';
import type { PostgresDatabase } from '../lib/store/postgres/postgres-database.ts';
import type { Shipment } from './shipment.ts';
import { type ShipmentStore, shipmentUnknown } from './shipment-store.ts';

/** The schema of the shipments. */
export const shipmentMigrations: Migrations = {
  '0001-shipments': `
    CREATE TABLE shipments (
      tracking_id text PRIMARY KEY,
      cancelled boolean NOT NULL DEFAULT false
    );
    -- A key without shipment is fenced.
    CREATE TABLE order_keys (
      key text PRIMARY KEY,
      fingerprint text,
      tracking_id text REFERENCES shipments
    );`,
};

// Stores the shipment unless its key is known. A concurrent call with the same key makes it fail on the primary key, and
// it is repeated.
const SHIP = `
  WITH known AS (SELECT * FROM order_keys WHERE key = $1),
    made AS (INSERT INTO shipments (tracking_id) SELECT $3 WHERE NOT EXISTS (SELECT FROM known)),
    kept AS (
      INSERT INTO order_keys (key, fingerprint, tracking_id)
      SELECT $1, $2, $3 WHERE $1::text IS NOT NULL AND NOT EXISTS (SELECT FROM known)
    )
  SELECT fingerprint, tracking_id, cancelled FROM known LEFT JOIN shipments USING (tracking_id)`;

const FIND_OR_FENCE = `
  WITH known AS (SELECT * FROM order_keys WHERE key = $1),
    fenced AS (INSERT INTO order_keys (key) SELECT $1 WHERE NOT EXISTS (SELECT FROM known))
  SELECT fingerprint, tracking_id, cancelled FROM known LEFT JOIN shipments USING (tracking_id)`;

const CANCEL = `
  WITH cancelled AS (
      UPDATE shipments SET cancelled = true WHERE tracking_id = $1 AND NOT cancelled RETURNING tracking_id
    )
  SELECT EXISTS (SELECT FROM cancelled) AS now, EXISTS (SELECT FROM shipments WHERE tracking_id = $1) AS known`;

type KeyRow = { readonly fingerprint: string | null } & (
  | { readonly tracking_id: null }
  | { readonly tracking_id: string; readonly cancelled: boolean }
);

/** Stores shipments in PostgreSQL. */
export function openPostgresShipmentStore({ query }: Pick<PostgresDatabase, 'query'>): ShipmentStore {
  return {
    ship: async ({ key, fingerprint }, trackingId) => {
      const [known] = await query<KeyRow>(SHIP, [key, fingerprint, trackingId]);
      if (known === undefined) return { shipment: { trackingId, cancelled: false }, isRepeat: false };
      const stored = { fingerprint: known.fingerprint, result: shipmentOf(known) };
      return { shipment: resultForRepeat(stored, fingerprint), isRepeat: true };
    },
    findOrFence: async (key) => {
      const [known] = await query<KeyRow>(FIND_OR_FENCE, [key]);
      return known === undefined ? undefined : shipmentOf(known);
    },
    cancel: async (trackingId) => {
      const [result] = await query<{ readonly now: boolean; readonly known: boolean }>(CANCEL, [trackingId]);
      if (result?.known !== true) throw shipmentUnknown();
      return result.now;
    },
  };
}

/** The shipment of a key; `undefined` when it is fenced. */
function shipmentOf(row: KeyRow): Shipment | undefined {
  return row.tracking_id === null ? undefined : { trackingId: row.tracking_id, cancelled: row.cancelled };
}
