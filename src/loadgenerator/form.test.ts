import fc from 'fast-check';
import { checkoutForm } from './form.ts';

const YEAR = 2026;

// Source: ISO/IEC 7812-1, annex B.
function passesLuhn(digits: string): boolean {
  const sum = digits
    .split('')
    .reverse()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}

const anyForm = fc
  .infiniteStream(fc.nat())
  .map((numbers) => checkoutForm({ year: YEAR, randomBelow: (limit) => (numbers.next().value ?? 0) % limit }));

describe('the checkout form of a random shopper', () => {
  it('has the fields of the storefront and no other', () => {
    expect(Object.keys(checkoutForm({ randomBelow: () => 0, year: YEAR }))).toEqual([
      'email',
      'street_address',
      'zip_code',
      'city',
      'state',
      'country',
      'credit_card_number',
      'credit_card_expiration_month',
      'credit_card_expiration_year',
      'credit_card_cvv',
    ]);
  });

  it('is accepted by the storefront', () => {
    fc.assert(
      fc.property(anyForm, (form) => {
        expect(form.email).toMatch(/^[a-z]+\.[a-z]+\d+@example\.com$/);
        expect(form.street_address).toMatch(/^\d+ \S.* \S+$/);
        expect(form.zip_code).toMatch(/^\d{5}$/);
        expect(form.city).toMatch(/\S/);
        expect(form.state).toMatch(/^[A-Z]{2}$/);
        expect(form.country).toMatch(/\S/);
        expect(form.credit_card_number).toMatch(/^(?:4\d{15}|5[1-5]\d{14})$/);
        expect(passesLuhn(form.credit_card_number)).toBe(true);
        expect(Number(form.credit_card_expiration_month)).toBeGreaterThanOrEqual(1);
        expect(Number(form.credit_card_expiration_month)).toBeLessThanOrEqual(12);
      }),
    );
  });

  it('has cards that expire in 1 to 71 years, and a CVV from 100 to 999', () => {
    const lowest = checkoutForm({ randomBelow: () => 0, year: YEAR });
    const highest = checkoutForm({ randomBelow: (limit) => limit - 1, year: YEAR });
    expect([lowest.credit_card_expiration_year, highest.credit_card_expiration_year]).toEqual(['2027', '2097']);
    expect([lowest.credit_card_cvv, highest.credit_card_cvv]).toEqual(['100', '999']);
    expect([lowest.zip_code, highest.zip_code]).toEqual(['00501', '99950']);
  });

  it('uses each of its card numbers', () => {
    const numbers = Array.from({ length: 8 }, (_, nth) =>
      checkoutForm({ year: YEAR, randomBelow: (limit) => nth % limit }),
    ).map((form) => form.credit_card_number);
    expect(new Set(numbers).size).toBe(8);
    expect(numbers).toContain('4432801561520454');
    expect(numbers.filter(passesLuhn)).toEqual(numbers);
  });
});
