/** The currencies a shopper can choose, in the order they are shown. */
export const OFFERED_CURRENCIES: readonly string[] = ['USD', 'EUR', 'CAD', 'JPY', 'GBP', 'TRY'];

/** The currency of the catalogue, and of a shopper who has not chosen one. */
export const DEFAULT_CURRENCY = 'USD';

/** True for a currency that a shopper can choose. */
export function isOffered(code: string): boolean {
  return OFFERED_CURRENCIES.includes(code);
}
