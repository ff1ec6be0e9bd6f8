import { isCurrencyCode, minorUnitDigits } from './currency-codes.ts';

describe('isCurrencyCode', () => {
  it.each(['EUR', 'USD', 'XXX', 'ZZZ'])('accepts %s', (code) => {
    expect(isCurrencyCode(code)).toBe(true);
  });

  it.each(['', 'eur', 'EU', 'EURO', 'EU1', ' EUR', 'EUR\n', 'ÄÖÜ', 'ЕUR'])('refuses %j', (code) => {
    expect(isCurrencyCode(code)).toBe(false);
  });
});

describe('minorUnitDigits', () => {
  it.each([
    ['EUR', 2],
    ['USD', 2],
    ['HUF', 2],
    ['IDR', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['ISK', 0],
    ['BHD', 3],
    ['KWD', 3],
    ['CLF', 4],
  ])('returns those of %s: %i', (code, digits) => {
    expect(minorUnitDigits(code)).toBe(digits);
  });
});
