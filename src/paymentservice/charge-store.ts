import { expiringMap } from '../lib/store/expiring-map.ts';
import { type IdempotentResponses, idempotentResponses } from '../lib/store/idempotency.ts';
import type { DeclineReason } from '../reasons.ts';
import type { Charge } from './charge.ts';

// A charge is removed this long after its last change.
const CHARGE_TTL_MS = 48 * 3_600_000;

// Maximum number of stored charges; the oldest are removed first.
const MAX_CHARGES = 100_000;

/**
 * The result of Charge: the charge, or the reason of the decline. A decline is stored too: the same key is declined again.
 */
export type ChargeOutcome = { readonly made: Charge } | { readonly declined: DeclineReason };

/** Stores charges, and the result of each idempotency key. */
export type ChargeStore = {
  /** Returns the current state of a charge; `undefined` when the transaction is unknown or was removed. */
  readonly find: (transactionId: string) => Charge | undefined;
  /** Stores a charge, or replaces it. */
  readonly keep: (charge: Charge) => void;
  /** Outcomes by the key of the charge. */
  readonly outcomes: IdempotentResponses<ChargeOutcome>;
  /** Refund ids by the key of the refund. */
  readonly refunds: IdempotentResponses<string>;
};

/** Stores charges in the memory of this process. */
export function openChargeStore({ now }: { now: () => number }): ChargeStore {
  const limits = { now, ttlMs: CHARGE_TTL_MS, maxEntries: MAX_CHARGES };
  const charges = expiringMap<Charge>(limits);
  return {
    find: charges.get,
    keep: (charge) => charges.set(charge.transactionId, charge),
    outcomes: idempotentResponses(limits),
    refunds: idempotentResponses(limits),
  };
}
