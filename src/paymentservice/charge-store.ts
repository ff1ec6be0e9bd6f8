import { expiringMap } from '../lib/store/expiring-map.ts';
import { type IdempotentAnswers, idempotentAnswers } from '../lib/store/idempotency.ts';
import type { DeclineReason } from '../reasons.ts';
import type { Charge } from './charge.ts';

// Charges are known for this long after they were made or refunded.
const CHARGE_TTL_MS = 48 * 3_600_000;

// Charges that are known at once; the oldest are forgotten first.
const MAX_CHARGES = 100_000;

/**
 * What became of a call of Charge: the charge as it was made, or why there is none. A decline is an answer too: the same
 * key is declined again.
 */
export type ChargeOutcome = { readonly made: Charge } | { readonly declined: DeclineReason };

/** Remembers charges, and what every key was answered with. */
export type ChargeStore = {
  /** Answers a charge as it is now, or `undefined` for a transaction that is not known, or not any more. */
  readonly find: (transactionId: string) => Charge | undefined;
  /** Keeps a charge, in place of what it was before. */
  readonly keep: (charge: Charge) => void;
  /** Outcomes by the key of the charge. */
  readonly outcomes: IdempotentAnswers<ChargeOutcome>;
  /** Refund ids by the key of the refund. */
  readonly refunds: IdempotentAnswers<string>;
};

/** Keeps charges in the memory of this process: they end with it, as a simulated bank's may. */
export function openChargeStore({ now }: { now: () => number }): ChargeStore {
  const limits = { now, ttlMs: CHARGE_TTL_MS, maxEntries: MAX_CHARGES };
  const charges = expiringMap<Charge>(limits);
  return {
    find: charges.get,
    keep: (charge) => charges.set(charge.transactionId, charge),
    outcomes: idempotentAnswers(limits),
    refunds: idempotentAnswers(limits),
  };
}
