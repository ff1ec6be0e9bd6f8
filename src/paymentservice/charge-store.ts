import { DomainError } from '../lib/errors.ts';
import type { KeyedRequest } from '../lib/store/idempotent-table.ts';
import type { DeclineReason } from '../reasons.ts';
import type { Charge } from './charge.ts';

/**
 * The result of Charge: the charge, or the reason of the decline. A decline is stored too: the same key is declined again.
 */
export type ChargeOutcome = { readonly made: Charge } | { readonly declined: DeclineReason };

/** Stores charges, and the result of each idempotency key. Each function is one transaction. */
export type ChargeStore = {
  /**
   * Decides about a charge once per key, and stores the outcome. A repeat returns the stored outcome, with the current
   * state of the charge.
   *
   * @param decide returns the outcome, and changes nothing: an outcome that is not needed is not stored
   * @throws {DomainError} IDEMPOTENCY_KEY_REUSED or IDEMPOTENCY_KEY_FENCED
   */
  readonly charge: (
    request: KeyedRequest,
    decide: () => ChargeOutcome,
  ) => Promise<{ readonly outcome: ChargeOutcome; readonly isRepeat: boolean }>;
  /** The outcome of a key, with the current state of the charge. A key without outcome is fenced. */
  readonly findOrFence: (key: string) => Promise<ChargeOutcome | undefined>;
  /**
   * Changes a charge once per key of the refund, and returns the id of the refund.
   *
   * @param refunded returns the charge after the refund
   * @throws {DomainError} TRANSACTION_UNKNOWN, IDEMPOTENCY_KEY_REUSED, or what `refunded` throws
   */
  readonly refund: (
    request: KeyedRequest & { readonly transactionId: string; readonly refundId: string },
    refunded: (charge: Charge) => Charge,
  ) => Promise<{ readonly refundId: string; readonly isRepeat: boolean }>;
};

/** The refusal of a refund of a charge that is not stored. */
export function transactionUnknown(): DomainError {
  return new DomainError('not-found', 'TRANSACTION_UNKNOWN', 'no charge has this transaction id');
}
