import { requireText } from '../lib/fields.ts';

/** The parts of an address that are texts. */
export type AddressPart = keyof typeof ADDRESS_LIMITS;

/** Where something is sent to, as it was typed. Any part may be empty. */
export type Address = {
  readonly streetAddress: string;
  readonly city: string;
  readonly state: string;
  readonly country: string;
  readonly postalCode?: string | undefined;
};

/** How many characters the parts of an address can have. */
export const ADDRESS_LIMITS = { streetAddress: 512, city: 128, state: 128, country: 128, postalCode: 10 } as const;

const FIELD_NAMES = {
  streetAddress: 'street_address',
  city: 'city',
  state: 'state',
  country: 'country',
  postalCode: 'postal_code',
} as const satisfies Readonly<Record<AddressPart, string>>;

/**
 * Answers the address. Says nothing of `zip_code`, which is a number.
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
