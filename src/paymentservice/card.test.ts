import { brandOf, isExpired } from './card.ts';

describe('the brand of a card', () => {
  const ofLength = (start: string, length: number): string => start.padEnd(length, '0');

  it.each([
    ['4', 13, 'visa'],
    ['4', 16, 'visa'],
    ['4', 19, 'visa'],
    ['4', 12, undefined],
    ['4', 14, undefined],
    ['4', 15, undefined],
    ['4', 17, undefined],
    ['4', 18, undefined],
    ['50', 16, undefined],
    ['51', 16, 'mastercard'],
    ['55', 16, 'mastercard'],
    ['56', 16, undefined],
    ['55', 15, undefined],
    ['55', 19, undefined],
    ['2220', 16, undefined],
    ['2221', 16, 'mastercard'],
    ['2500', 16, 'mastercard'],
    ['2720', 16, 'mastercard'],
    ['2721', 16, undefined],
    ['2221', 19, undefined],
    ['34', 15, undefined],
    ['6011', 16, undefined],
  ])('of %s... with %d digits is %s', (start, length, brand) => {
    expect(brandOf({ digits: ofLength(start, length) })).toBe(brand);
  });
});

describe('the expiry of a card', () => {
  const february = { expirationYear: 2028, expirationMonth: 2 };
  const december = { expirationYear: 2026, expirationMonth: 12 };

  it.each([
    ['the last millisecond of its month, in a leap year', february, Date.UTC(2028, 1, 29, 23, 59, 59, 999), false],
    ['the first one of the next month', february, Date.UTC(2028, 2, 1), true],
    ['the last millisecond of its year', december, Date.UTC(2026, 11, 31, 23, 59, 59, 999), false],
    ['the first one of the next year', december, Date.UTC(2027, 0, 1), true],
    ['a year before', december, Date.UTC(2025, 11, 31), false],
    ['a later month of an earlier year', { expirationYear: 2025, expirationMonth: 12 }, Date.UTC(2026, 0, 1), true],
    ['71 years ahead', { expirationYear: 2097, expirationMonth: 1 }, Date.UTC(2026, 10, 23), false],
    ['a year of two digits, which is long ago', { expirationYear: 99, expirationMonth: 1 }, Date.UTC(2026, 10), true],
  ])('is decided in UTC: at %s', (_when, card, nowMs, expired) => {
    expect(isExpired(card, nowMs)).toBe(expired);
  });
});
