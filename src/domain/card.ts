import type { Reason } from '../lib/error-reason.ts';
import { DomainError } from '../lib/errors.ts';
import { passesLuhn } from './luhn.ts';

/** A card as it was typed. */
export type TypedCard = {
  readonly creditCardNumber: string;
  readonly creditCardCvv: number;
  readonly creditCardExpirationYear: number;
  readonly creditCardExpirationMonth: number;
};

/** A well-formed card. The CVV is checked and then dropped. */
export type Card = {
  /** 12 to 19 digits. */
  readonly digits: string;
  readonly expirationYear: number;
  /** 1 to 12. */
  readonly expirationMonth: number;
};

const MAX_TYPED_LENGTH = 64;
const NUMBER_PROBLEMS = {
  length: 'must be 12 to 19 digits; spaces and dashes may stand between them',
  'check-digit': 'has a wrong check digit; a digit is mistyped',
} as const;

/** Removes spaces and dashes from a card number; returns an empty string for more than 64 characters. */
export function cardDigits(typed: string): string {
  return typed.length > MAX_TYPED_LENGTH ? '' : typed.replace(/[ -]/g, '');
}

/**
 * Returns the problem of a card number, or `undefined`: it is not 12 to 19 digits, or its last digit is not a valid check
 * digit. A number with a problem was never issued.
 */
export function cardNumberProblem(digits: string): 'length' | 'check-digit' | undefined {
  if (!/^\d{12,19}$/.test(digits)) return 'length';
  return passesLuhn(digits) ? undefined : 'check-digit';
}

/**
 * Validates the card of a request. No error contains card data, because errors are logged.
 *
 * @throws {DomainError} CARD_NUMBER_INVALID when the number is not 12 to 19 digits, with spaces and dashes between them,
 *   or its check digit is wrong: such a number was never issued, so the request is invalid and the card is not declined
 * @throws {DomainError} CARD_EXPIRATION_INVALID when the month is not 1 to 12 or the year is not 1 to 9999
 * @throws {DomainError} CARD_CVV_INVALID when it is not 1 to 9999
 */
export function requireCard(typed: TypedCard): Card {
  const expirationYear = typed.creditCardExpirationYear;
  const expirationMonth = typed.creditCardExpirationMonth;
  const digits = cardDigits(typed.creditCardNumber);
  const problem = cardNumberProblem(digits);
  if (problem !== undefined) throw badCard('CARD_NUMBER_INVALID', 'number', NUMBER_PROBLEMS[problem]);
  if (!isWhole(expirationMonth, 12)) throw badCard('CARD_EXPIRATION_INVALID', 'expiration_month', 'must be 1 to 12');
  if (!isWhole(expirationYear, 9999)) throw badCard('CARD_EXPIRATION_INVALID', 'expiration_year', 'must be 1 to 9999');
  // The field is a number, so the CVV 007 is sent as 7: every value from 1 to 9999 can be a valid CVV.
  if (!isWhole(typed.creditCardCvv, 9999)) {
    throw badCard('CARD_CVV_INVALID', 'cvv', 'must be three or four digits, and not all zero');
  }
  return { digits, expirationYear, expirationMonth };
}

function isWhole(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= max;
}

function badCard(reason: Reason, field: string, problem: string): DomainError {
  const name = `credit_card.credit_card_${field}`;
  return new DomainError('invalid', reason, `${name} ${problem}`, { metadata: { field: name } });
}
