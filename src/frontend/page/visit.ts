import type { CallContext } from '../../lib/grpc/call-context.ts';

/** One request of one shopper: who asks, in which currency, and how long it may take. */
export type Visit = {
  readonly userId: string;
  /** The currency the shopper chose; one of the offered ones. */
  readonly currency: string;
  readonly call: CallContext;
};

/** The currencies a shopper can choose, in the order they are shown. */
export const OFFERED_CURRENCIES: readonly string[] = ['USD', 'EUR', 'CAD', 'JPY', 'GBP', 'TRY'];

/** The currency of somebody who did not choose, and of the catalogue. */
export const DEFAULT_CURRENCY = 'USD';

/** True for a currency that a shopper can choose. */
export function isOffered(code: string): boolean {
  return OFFERED_CURRENCIES.includes(code);
}
