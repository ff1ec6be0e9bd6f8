import { brandOf, isExpired, readCard, type TypedCard } from './card.ts';

const typed: TypedCard = { number: '4432801561520454', cvv: 672, expirationYear: 2027, expirationMonth: 1 };

describe('a card as it was typed', () => {
  it.each(['4432801561520454', '4432-8015-6152-0454', '4432 8015 6152 0454', ' 4432801561520454 '])(
    'has the same digits when typed %p',
    (number) => {
      expect(readCard({ ...typed, number }).digits).toBe('4432801561520454');
    },
  );

  it.each([
    ['no number', { number: '' }, 'CARD_NUMBER_INVALID'],
    ['letters', { number: '4432x8015y6152z0454' }, 'CARD_NUMBER_INVALID'],
    ['digits of another script', { number: '٤٤٣٢٨٠١٥٦١٥٢٠٤٥٤' }, 'CARD_NUMBER_INVALID'],
    ['11 digits', { number: '79927398713' }, 'CARD_NUMBER_INVALID'],
    ['20 digits', { number: '41111111111111111110' }, 'CARD_NUMBER_INVALID'],
    ['a long row of spaces', { number: `4432801561520454${' '.repeat(100)}` }, 'CARD_NUMBER_INVALID'],
    ['a wrong check digit', { number: '4432801561520455' }, 'CARD_NUMBER_INVALID'],
    ['month 0', { expirationMonth: 0 }, 'CARD_EXPIRATION_INVALID'],
    ['month 13', { expirationMonth: 13 }, 'CARD_EXPIRATION_INVALID'],
    ['month -1', { expirationMonth: -1 }, 'CARD_EXPIRATION_INVALID'],
    ['year 0', { expirationYear: 0 }, 'CARD_EXPIRATION_INVALID'],
    ['year 10000', { expirationYear: 10_000 }, 'CARD_EXPIRATION_INVALID'],
    ['CVV 0', { cvv: 0 }, 'CARD_CVV_INVALID'],
    ['CVV -1', { cvv: -1 }, 'CARD_CVV_INVALID'],
    ['CVV 10000', { cvv: 10_000 }, 'CARD_CVV_INVALID'],
  ])('is refused with %s', (_what, change, reason) => {
    expect(() => readCard({ ...typed, ...change })).toThrow(expect.objectContaining({ kind: 'invalid', reason }));
  });

  it.each([1, 7, 99, 100, 999, 1234, 9999])('may have CVV %d: leading zeros do not arrive', (cvv) => {
    expect(() => readCard({ ...typed, cvv })).not.toThrow();
  });

  it.each(['630490017740', '6304900177402928441'])('may have 12 to 19 digits: %s', (number) => {
    expect(readCard({ ...typed, number }).digits).toBe(number);
  });
});

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
  ])('at %s', (_when, card, nowMs, expired) => {
    expect(isExpired(card, nowMs)).toBe(expired);
  });
});
