import fc from 'fast-check';
import { divideHalfToEven, positiveRational } from './rational.ts';

describe('divideHalfToEven', () => {
  it.each([
    [5n, 10n, 0n],
    [15n, 10n, 2n],
    [25n, 10n, 2n],
    [35n, 10n, 4n],
    [-5n, 10n, 0n],
    [-15n, 10n, -2n],
    [-25n, 10n, -2n],
    [26n, 10n, 3n],
    [-24n, 10n, -2n],
    [0n, 7n, 0n],
    [7n, 7n, 1n],
    [1n, 3n, 0n],
    [2n, 3n, 1n],
  ])('%s / %s is %s', (numerator, denominator, expected) => {
    expect(divideHalfToEven(numerator, denominator)).toBe(expected);
  });

  it('is within half of the exact quotient, and even when it is exactly half away', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n, max: 2n ** 80n }), (numerator, denominator) => {
        const rounded = divideHalfToEven(numerator, denominator);
        const error = 2n * (rounded * denominator - numerator);
        const distance = error < 0n ? -error : error;
        expect(distance <= denominator).toBe(true);
        if (distance === denominator) expect(rounded % 2n).toBe(0n);
      }),
    );
  });

  it('rounds every tie to the even neighbour', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n, max: 10n ** 12n }), (whole, half) => {
        const tie = whole * 2n * half + half;
        expect(divideHalfToEven(tie, 2n * half)).toBe(whole % 2n === 0n ? whole : whole + 1n);
      }),
    );
  });
});

describe('positiveRational', () => {
  it.each([
    ['126.40', 12_640n, 100n],
    ['1', 1n, 1n],
    ['0.85970', 85_970n, 100_000n],
    ['007.5', 75n, 10n],
  ])('reads %s exactly', (text, numerator, denominator) => {
    expect(positiveRational(text)).toEqual({ numerator, denominator });
  });

  it.each(['', '0', '0.00', '-1', '+1', '1.', '.5', '1e3', '0x10', ' 1', '1\n', '1,5', 'NaN'])('refuses %j', (text) => {
    expect(() => positiveRational(text)).toThrow(/^not a (decimal|positive) number: /);
  });
});
