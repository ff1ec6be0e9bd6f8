import { DomainError } from '../lib/errors.ts';
import { passesLuhn } from '../lib/luhn.ts';

/** A card as it was typed. */
export type TypedCard = {
  readonly number: string;
  readonly cvv: number;
  readonly expirationYear: number;
  readonly expirationMonth: number;
};

/** A card that is well formed; whether it can be charged is another question. It knows no CVV: that was checked. */
export type Card = {
  /** 12 to 19 digits. */
  readonly digits: string;
  readonly expirationYear: number;
  /** 1 to 12. */
  readonly expirationMonth: number;
};

/** The card brands that are accepted. */
export type Brand = 'visa' | 'mastercard';

const MAX_TYPED_LENGTH = 64;

/**
 * Reads a card as it was typed. No error repeats what was typed: it goes to logs and to other people's screens.
 *
 * @throws {DomainError} CARD_NUMBER_INVALID when the number is not 12 to 19 digits, with spaces and dashes between them,
 *   or its check digit is wrong: such a number was never issued, so the request is wrong and not the card
 * @throws {DomainError} CARD_EXPIRATION_INVALID when there is no such month
 * @throws {DomainError} CARD_CVV_INVALID when it is not 1 to 9999
 */
export function readCard(typed: TypedCard): Card {
  const { cvv, expirationYear, expirationMonth } = typed;
  const digits = typed.number.length > MAX_TYPED_LENGTH ? '' : typed.number.replace(/[ -]/g, '');
  if (!/^\d{12,19}$/.test(digits)) {
    throw badCard('CARD_NUMBER_INVALID', 'number', 'must be 12 to 19 digits; spaces and dashes may stand between them');
  }
  if (!passesLuhn(digits))
    throw badCard('CARD_NUMBER_INVALID', 'number', 'has a wrong check digit; a digit is mistyped');
  if (!isWhole(expirationMonth, 12)) throw badCard('CARD_EXPIRATION_INVALID', 'expiration_month', 'must be 1 to 12');
  if (!isWhole(expirationYear, 9999)) throw badCard('CARD_EXPIRATION_INVALID', 'expiration_year', 'must be 1 to 9999');
  // A number has no leading zeros: 007 arrives as 7. So only what no CVV of three or four digits can be is refused.
  if (!isWhole(cvv, 9999)) throw badCard('CARD_CVV_INVALID', 'cvv', 'must be three or four digits, and not all zero');
  return { digits, expirationYear, expirationMonth };
}

/**
 * Names the brand by the number's first digits and its length; `undefined` for any brand this shop does not take.
 * Source: Visa (4; 13, 16 or 19 digits) and Mastercard (51-55 and, since 2017, 2221-2720; 16 digits).
 */
export function brandOf({ digits }: Pick<Card, 'digits'>): Brand | undefined {
  if (digits.startsWith('4')) return [13, 16, 19].includes(digits.length) ? 'visa' : undefined;
  if (digits.length !== 16) return undefined;
  const [two, four] = [Number(digits.slice(0, 2)), Number(digits.slice(0, 4))];
  return (two >= 51 && two <= 55) || (four >= 2221 && four <= 2720) ? 'mastercard' : undefined;
}

/**
 * True once the last day of the card's month is over, in UTC.
 *
 * @param nowMs milliseconds since 1970
 */
export function isExpired(card: Pick<Card, 'expirationYear' | 'expirationMonth'>, nowMs: number): boolean {
  const today = new Date(nowMs);
  const monthsNow = today.getUTCFullYear() * 12 + today.getUTCMonth() + 1;
  return card.expirationYear * 12 + card.expirationMonth < monthsNow;
}

function isWhole(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= max;
}

function badCard(reason: string, field: string, problem: string): DomainError {
  const name = `credit_card.credit_card_${field}`;
  return new DomainError('invalid', reason, `${name} ${problem}`, { metadata: { field: name } });
}
