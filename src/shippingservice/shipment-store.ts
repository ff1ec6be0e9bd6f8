import { DomainError } from '../lib/errors.ts';
import type { KeyedRequest } from '../lib/store/idempotent-table.ts';
import type { Shipment } from './shipment.ts';

/** Stores shipments, and the result of each idempotency key. Each function is one transaction. */
export type ShipmentStore = {
  /**
   * Stores a new shipment once per key of the order. A repeat returns the current state of the stored one.
   *
   * @throws {DomainError} IDEMPOTENCY_KEY_REUSED or IDEMPOTENCY_KEY_FENCED
   */
  readonly ship: (
    request: KeyedRequest,
    trackingId: string,
  ) => Promise<{ readonly shipment: Shipment; readonly isRepeat: boolean }>;
  /** The shipment of a key. A key without shipment is fenced. */
  readonly findOrFence: (key: string) => Promise<Shipment | undefined>;
  /**
   * Cancels a shipment. Returns whether this call cancelled it.
   *
   * @throws {DomainError} SHIPMENT_UNKNOWN when no shipment has this tracking id
   */
  readonly cancel: (trackingId: string) => Promise<boolean>;
};

/** The refusal of a tracking id that is not stored. */
export function shipmentUnknown(): DomainError {
  return new DomainError('not-found', 'SHIPMENT_UNKNOWN', 'no shipment has this tracking id');
}
