import { requireId } from '../domain/ids.ts';
import { MAX_CART_LINES, MAX_LINE_QUANTITY } from '../domain/limits.ts';
import { requireAtMost, requireInteger } from '../lib/fields.ts';

export type Line = { readonly productId: string; readonly quantity: number };

/**
 * Validates the lines and returns them.
 *
 * @throws {DomainError} ITEMS_INVALID, ITEMS_PRODUCT_ID_INVALID or ITEMS_QUANTITY_INVALID when there are too many, or
 *   one is not 1 to 1000 pieces of a product
 */
export function requireLines(lines: readonly Line[]): readonly Line[] {
  requireAtMost('items', lines, MAX_CART_LINES).forEach(({ productId, quantity }, index) => {
    requireId(`items[${index}].product_id`, productId);
    requireInteger(`items[${index}].quantity`, quantity, { min: 1, max: MAX_LINE_QUANTITY });
  });
  return lines;
}
