import { expiringMap } from '../lib/store/expiring-map.ts';
import { type IdempotentAnswers, idempotentAnswers } from '../lib/store/idempotency.ts';
import type { Shipment } from './shipment.ts';

// Shipments are known for this long after they were ordered or cancelled.
const SHIPMENT_TTL_MS = 48 * 3_600_000;

// Shipments that are known at once; the oldest are forgotten first.
const MAX_SHIPMENTS = 100_000;

/** Remembers shipments, and what every key was answered with. */
export type ShipmentStore = {
  /** Answers a shipment as it is now, or `undefined` for a tracking id that is not known, or not any more. */
  readonly find: (trackingId: string) => Shipment | undefined;
  /** Keeps a shipment, in place of what it was before. */
  readonly keep: (shipment: Shipment) => void;
  /** Tracking ids by the key of the order. */
  readonly orders: IdempotentAnswers<string>;
};

/** Keeps shipments in the memory of this process: they end with it. */
export function openShipmentStore({ now }: { now: () => number }): ShipmentStore {
  const limits = { now, ttlMs: SHIPMENT_TTL_MS, maxEntries: MAX_SHIPMENTS };
  const shipments = expiringMap<Shipment>(limits);
  return {
    find: shipments.get,
    keep: (shipment) => shipments.set(shipment.trackingId, shipment),
    orders: idempotentAnswers(limits),
  };
}
