import fc from 'fast-check';
import { trackingIdOf } from './shipment.ts';

describe('a tracking id', () => {
  it('always has the same format', () => {
    fc.assert(fc.property(fc.uuid(), (uuid) => expect(trackingIdOf(uuid)).toMatch(/^MC-[0-9A-V]{26}$/)));
    expect(trackingIdOf('00000000-0000-0000-0000-000000000000')).toBe(`MC-${'0'.repeat(26)}`);
    expect(trackingIdOf('ffffffff-ffff-ffff-ffff-ffffffffffff')).toBe(`MC-7${'V'.repeat(25)}`);
  });

  it('differs between different UUIDs', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.nat({ max: 31 }), fc.integer({ min: 1, max: 15 }), (uuid, where, change) => {
        const digits = uuid.replaceAll('-', '').split('');
        digits[where] = ((Number.parseInt(digits[where] ?? '0', 16) + change) % 16).toString(16);
        expect(trackingIdOf(digits.join(''))).not.toBe(trackingIdOf(uuid));
      }),
    );
  });
});
