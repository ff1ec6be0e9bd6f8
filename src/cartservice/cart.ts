import { MAX_CART_LINES, MAX_LINE_QUANTITY } from '../domain/limits.ts';
import { DomainError } from '../lib/errors.ts';

/** A cart expires this long after its last use. */
export const CART_TTL_SECONDS = 48 * 3600;

/** A stored cart. */
export type Cart = {
  readonly lines: readonly { readonly productId: string; readonly quantity: number }[];
  /** Changes with every write and is never reused; `undefined` for a cart that was never written or has expired. */
  readonly version: string | undefined;
};

/** The error of an add past a limit of the cart. */
export function cartFull(limit: 'line' | 'lines'): DomainError {
  return limit === 'line'
    ? new DomainError('precondition', 'CART_LINE_FULL', `a cart holds at most ${MAX_LINE_QUANTITY} of one product`)
    : new DomainError('precondition', 'CART_FULL', `a cart holds at most ${MAX_CART_LINES} different products`);
}
