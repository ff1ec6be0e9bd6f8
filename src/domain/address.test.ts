import { ADDRESS_LIMITS, type Address, type AddressPart, requireAddress } from './address.ts';

const empty: Address = { streetAddress: '', city: '', state: '', country: '' };

describe('an address', () => {
  const read = (address: Address, requiredParts: readonly AddressPart[] = []) =>
    requireAddress('address', address, { requiredParts });
  const refusal = (reason: string) => expect.objectContaining({ kind: 'invalid', reason });

  it('may have empty parts, and no postal code, and is answered as it is', () => {
    expect(read(empty)).toBe(empty);
  });

  describe.each([
    ['streetAddress', 512, 'STREET_ADDRESS'],
    ['city', 128, 'CITY'],
    ['state', 128, 'STATE'],
    ['country', 128, 'COUNTRY'],
    ['postalCode', 10, 'POSTAL_CODE'],
  ] as const)('in its %s', (part, max, name) => {
    const withPart = (text: string): Address => ({ ...empty, [part]: text });

    it(`has at most ${max} characters`, () => {
      expect(ADDRESS_LIMITS[part]).toBe(max);
      expect(() => read(withPart('x'.repeat(max)))).not.toThrow();
      expect(() => read(withPart('x'.repeat(max + 1)))).toThrow(refusal(`ADDRESS_${name}_INVALID`));
    });

    it('has printable characters only', () => {
      expect(() => read(withPart('a\u0000b'))).toThrow(refusal(`ADDRESS_${name}_INVALID`));
      expect(() => read(withPart('a\ud800'))).toThrow(refusal(`ADDRESS_${name}_INVALID`));
    });

    it('is not empty where it is required', () => {
      expect(() => read(empty, [part])).toThrow(refusal(`ADDRESS_${name}_INVALID`));
      expect(() => read(withPart('x'), [part])).not.toThrow();
    });
  });

  it('is refused by the name of the field it stands in', () => {
    const order = { ...empty, city: 'x'.repeat(129) };
    expect(() => requireAddress('order.shipping_address', order, { requiredParts: [] })).toThrow(
      refusal('ORDER_SHIPPING_ADDRESS_CITY_INVALID'),
    );
  });
});
