import { requireAtMost, requireInteger, requireProductId } from '../lib/fields.ts';

/** Lines one shipment can have: as many as a cart. */
export const MAX_LINES = 100;

/** Pieces one line can have: as many as a line of a cart. */
export const MAX_LINE_QUANTITY = 1000;

/** One product and how many of it. */
export type Line = { readonly productId: string; readonly quantity: number };

/**
 * Answers the lines.
 *
 * @throws {DomainError} ITEMS_INVALID, ITEMS_PRODUCT_ID_INVALID or ITEMS_QUANTITY_INVALID when there are too many, or
 *   one is not 1 to 1000 pieces of a product
 */
export function requireLines(lines: readonly Line[]): readonly Line[] {
  requireAtMost('items', lines, MAX_LINES).forEach(({ productId, quantity }, index) => {
    requireProductId(`items[${index}].product_id`, productId);
    requireInteger(`items[${index}].quantity`, quantity, { min: 1, max: MAX_LINE_QUANTITY });
  });
  return lines;
}
