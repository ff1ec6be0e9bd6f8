import type { Card } from '../domain/card.ts';

/** The card brands that are accepted. */
export type Brand = 'visa' | 'mastercard';

/**
 * Returns the brand by the first digits and the length of the number; `undefined` for a brand that is not accepted.
 * Source: Visa (4; 13, 16 or 19 digits) and Mastercard (51-55 and, since 2017, 2221-2720; 16 digits).
 */
export function brandOf({ digits }: Pick<Card, 'digits'>): Brand | undefined {
  if (digits.startsWith('4')) return [13, 16, 19].includes(digits.length) ? 'visa' : undefined;
  if (digits.length !== 16) return undefined;
  const [two, four] = [Number(digits.slice(0, 2)), Number(digits.slice(0, 4))];
  return (two >= 51 && two <= 55) || (four >= 2221 && four <= 2720) ? 'mastercard' : undefined;
}

/**
 * True after the last day of the card's expiration month, in UTC.
 *
 * @param nowMs milliseconds since 1970
 */
export function isExpired(card: Pick<Card, 'expirationYear' | 'expirationMonth'>, nowMs: number): boolean {
  const today = new Date(nowMs);
  const monthsNow = today.getUTCFullYear() * 12 + today.getUTCMonth() + 1;
  return card.expirationYear * 12 + card.expirationMonth < monthsNow;
}
