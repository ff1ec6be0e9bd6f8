import type { Card } from '../domain/card.ts';
import { type Money, parseMoney, sum, type WireMoney, zero } from '../domain/money.ts';
import { DomainError } from '../lib/errors.ts';
import { invalidField } from '../lib/fields.ts';
import type { DeclineReason } from '../reasons.ts';
import { brandOf, isExpired } from './card.ts';

/** A charge. It contains no card data. */
export type Charge = {
  readonly transactionId: string;
  readonly amount: Money;
  /** The refunded amount so far, in the currency of the charge. */
  readonly refunded: Money;
};

const DECLINES: Readonly<Record<DeclineReason, string>> = {
  CARD_BRAND_NOT_ACCEPTED: 'only Visa and Mastercard are accepted',
  CARD_EXPIRED: 'the card has expired',
  CARD_DECLINED: 'the card was declined; try another one',
};

/** This number is always declined, to demonstrate a decline. It is a common test number, not a real card. */
export const DECLINED_TEST_NUMBER = '4000000000000002';

/**
 * Reads an amount to charge or to refund: more than zero, in billionths of a unit.
 *
 * @throws {DomainError} AMOUNT_INVALID when it is absent, not positive, or breaks a rule of google.type.Money
 */
export function readAmount(wire: WireMoney | undefined): Money {
  const amount = parseMoney(wire, { sign: 'positive' });
  if (!amount.ok) throw invalidField('amount', amount.problem);
  return amount.money;
}

/**
 * Returns why a card is declined; `undefined` when it can be charged.
 *
 * @param nowMs milliseconds since 1970
 */
export function declineReason(card: Card, nowMs: number): DeclineReason | undefined {
  if (brandOf(card) === undefined) return 'CARD_BRAND_NOT_ACCEPTED';
  if (isExpired(card, nowMs)) return 'CARD_EXPIRED';
  return card.digits === DECLINED_TEST_NUMBER ? 'CARD_DECLINED' : undefined;
}

/** The refusal of a charge. */
export function declined(reason: DeclineReason): DomainError {
  return new DomainError('precondition', reason, DECLINES[reason]);
}

export function newCharge(transactionId: string, amount: Money): Charge {
  return { transactionId, amount, refunded: zero(amount.currency) };
}

/**
 * Returns the charge after a refund.
 *
 * @throws {DomainError} REFUND_CURRENCY_MISMATCH when the amount is not in the currency of the charge
 * @throws {DomainError} REFUND_EXCEEDS_CHARGE when it is more than what is left
 */
export function refundCharge(charge: Charge, amount: Money): Charge {
  const { currency, nanos } = charge.amount;
  if (amount.currency !== currency) {
    throw new DomainError('precondition', 'REFUND_CURRENCY_MISMATCH', `the charge was made in ${currency}`);
  }
  const refunded = sum(currency, [charge.refunded, amount]);
  if (refunded.nanos > nanos) {
    throw new DomainError('precondition', 'REFUND_EXCEEDS_CHARGE', 'the refund exceeds the rest of the charge');
  }
  return { ...charge, refunded };
}
