import { ADDRESS_LIMITS, type Address, type AddressPart, addressLines, requireAddress, zipCodeOf } from './address.ts';

const empty: Address = { streetAddress: '', city: '', state: '', country: '' };

describe('an address', () => {
  const read = (address: Address, requiredParts: readonly AddressPart[] = []) =>
    requireAddress('address', address, { requiredParts });
  const refusal = (reason: string) => expect.objectContaining({ kind: 'invalid', reason });

  it('may have empty parts and no postal code, and is returned unchanged', () => {
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

  it('is refused with the name of its field', () => {
    const order = { ...empty, city: 'x'.repeat(129) };
    expect(() => requireAddress('order.shipping_address', order, { requiredParts: [] })).toThrow(
      refusal('ORDER_SHIPPING_ADDRESS_CITY_INVALID'),
    );
  });
});

describe('addressLines', () => {
  const address = { streetAddress: 'Lange Straat 1', city: 'Gent', state: '', postalCode: '9000', country: 'Belgium' };

  it('returns the lines as written on a parcel, without empty parts', () => {
    expect(addressLines(address)).toEqual(['Lange Straat 1', 'Gent, 9000', 'Belgium']);
    expect(addressLines({ ...address, postalCode: '', state: 'VOV' })).toEqual([
      'Lange Straat 1',
      'Gent, VOV',
      'Belgium',
    ]);
    expect(addressLines({ ...empty, postalCode: '' })).toEqual([]);
  });

  it('uses the number of the original protocol only when there is no postal code', () => {
    expect(addressLines({ ...empty, city: 'Gent', zipCode: 9000 })).toEqual(['Gent, 9000']);
    expect(addressLines({ ...empty, city: 'Gent', zipCode: 0 })).toEqual(['Gent']);
    expect(addressLines({ ...empty, city: 'Gent', zipCode: 9000, postalCode: '09000' })).toEqual(['Gent, 09000']);
  });
});

describe('zipCodeOf', () => {
  it.each([
    ['94043', 94_043],
    ['00501', 501],
    ['2147483647', 2_147_483_647],
    ['2147483648', 0],
    ['K1A 0B1', 0],
    ['1234-567', 0],
  ])('returns the int32 of %s: %d', (postalCode, zipCode) => {
    expect(zipCodeOf(postalCode)).toBe(zipCode);
  });
});
