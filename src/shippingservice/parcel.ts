import { requireAtMost, requireInteger, requireProductId, requireText } from '../lib/fields.ts';

/** Lines one shipment can have: as many as a cart. */
export const MAX_LINES = 100;

/** Pieces one line can have: as many as a line of a cart. */
export const MAX_LINE_QUANTITY = 1000;

/** One product and how many of it. */
export type Line = { readonly productId: string; readonly quantity: number };

/** Where goods are sent to, as it was typed. Any part may be empty. */
export type Destination = {
  readonly streetAddress: string;
  readonly city: string;
  readonly state: string;
  readonly country: string;
  readonly postalCode?: string | undefined;
};

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

/**
 * Answers the destination. Any number is taken for `zip_code`: a longer one than fits it arrives as anything.
 *
 * @throws {DomainError} `ADDRESS_<PART>_INVALID` when a part is too long or not printable
 */
export function requireDestination<D extends Destination>(destination: D): D {
  const { streetAddress, city, state, country, postalCode = '' } = destination;
  requireText('address.street_address', streetAddress, { min: 0, max: 512 });
  requireText('address.city', city, { min: 0, max: 128 });
  requireText('address.state', state, { min: 0, max: 128 });
  requireText('address.country', country, { min: 0, max: 128 });
  requireText('address.postal_code', postalCode, { min: 0, max: 10 });
  return destination;
}
