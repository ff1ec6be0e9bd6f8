import { requireText } from '../lib/fields.ts';

export type AddressPart = keyof typeof ADDRESS_LIMITS;

/** A postal address as it was typed. Any part may be empty. */
export type Address = {
  readonly streetAddress: string;
  readonly city: string;
  readonly state: string;
  readonly country: string;
  readonly postalCode?: string | undefined;
};

/** Maximum number of characters of each part. */
export const ADDRESS_LIMITS = { streetAddress: 512, city: 128, state: 128, country: 128, postalCode: 10 } as const;

const FIELD_NAMES = {
  streetAddress: 'street_address',
  city: 'city',
  state: 'state',
  country: 'country',
  postalCode: 'postal_code',
} as const satisfies Readonly<Record<AddressPart, string>>;

/**
 * Returns the address. Does not check `zip_code`, which is a number.
 *
 * @param field name in the .proto file, such as `address` or `order.shipping_address`
 * @param rules the parts that must not be empty
 * @throws {DomainError} `<FIELD>_<PART>_INVALID` when a part is too long, not printable, or required and empty
 */
export function requireAddress<A extends Address>(
  field: 'address' | 'order.shipping_address',
  address: A,
  { requiredParts }: { readonly requiredParts: readonly AddressPart[] },
): A {
  for (const [part, name] of Object.entries(FIELD_NAMES) as [AddressPart, (typeof FIELD_NAMES)[AddressPart]][]) {
    const min = requiredParts.includes(part) ? 1 : 0;
    requireText(`${field}.${name}`, address[part] ?? '', { min, max: ADDRESS_LIMITS[part] });
  }
  return address;
}

/** Maximum of an int32; a number of ten digits can exceed it. */
const MAX_ZIP_CODE = 2 ** 31 - 1;

/** The postal code as the int32 of the original protocol: 0 when it is not all digits or too large. */
export function zipCodeOf(postalCode: string): number {
  return /^\d+$/.test(postalCode) && Number(postalCode) <= MAX_ZIP_CODE ? Number(postalCode) : 0;
}

/** The lines of an address as written on a parcel, without empty parts. */
export function addressLines(address: Address & { readonly zipCode?: number }): readonly string[] {
  const { streetAddress, city, state, country, zipCode = 0 } = address;
  const postalCode = address.postalCode ?? (zipCode > 0 ? String(zipCode) : '');
  const region = joinNonEmpty([state, postalCode], ' ');
  return [streetAddress, joinNonEmpty([city, region], ', '), country].filter((line) => line !== '');
}

function joinNonEmpty(parts: readonly string[], separator: string): string {
  return parts.filter((part) => part !== '').join(separator);
}
