import { expiringMap } from '../lib/store/expiring-map.ts';
import { type IdempotentResponses, idempotentResponses } from '../lib/store/idempotency.ts';
import type { Shipment } from './shipment.ts';

// A shipment is removed this long after its last change.
const SHIPMENT_TTL_MS = 48 * 3_600_000;

// Maximum number of stored shipments; the oldest are removed first.
const MAX_SHIPMENTS = 100_000;

/** Stores shipments, and the result of each idempotency key. */
export type ShipmentStore = {
  /** Returns the current state of a shipment; `undefined` when the tracking id is unknown or was removed. */
  readonly find: (trackingId: string) => Shipment | undefined;
  /** Stores a shipment, or replaces it. */
  readonly keep: (shipment: Shipment) => void;
  /** Tracking ids by the key of the order. */
  readonly orders: IdempotentResponses<string>;
};

/** Stores shipments in the memory of this process. */
export function openShipmentStore({ now }: { now: () => number }): ShipmentStore {
  const limits = { now, ttlMs: SHIPMENT_TTL_MS, maxEntries: MAX_SHIPMENTS };
  const shipments = expiringMap<Shipment>(limits);
  return {
    find: shipments.get,
    keep: (shipment) => shipments.set(shipment.trackingId, shipment),
    orders: idempotentResponses(limits),
  };
}
