import * as fc from 'fast-check';
import { anyText as anyCodePoints } from '../../src/lib/testing/any-text.ts';
import { CARD_NUMBER, CVV } from './shopper-state.ts';

/** A few users, so that their carts and orders fill up and requests reach the code behind the first checks. */
export const FUZZED_USERS: readonly string[] = [
  '4d1c1f5e-3c0a-4f5e-9d8e-0a1b2c3d4e5f',
  '5e2d2a6f-4d1b-4a6f-8e9f-1b2c3d4e5f60',
];

/** The card numbers of the fuzz tests. No log may contain one. */
export const FUZZED_CARDS: readonly string[] = [
  CARD_NUMBER,
  '5555555555554444',
  '2223003122003222',
  '4000000000000002',
  '378282246310005',
  '44328015615204540000',
];

// Texts with a special meaning in a language or format.
const SPECIAL = `%\\/<>"'&{}[]()$;:=?#+*,.@ \t\r\n\0aZ09`;

/** Any text: ordinary, of every code point, with lone surrogates, long, or with a special meaning. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 40 }),
  anyCodePoints({ maxLength: 200 }),
  fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...SPECIAL.split('')), minLength: 1, maxLength: 20 }),
  fc.integer({ min: 100, max: 2000 }).map((length) => '\u00e4'.repeat(length)),
  fc.constantFrom(
    '',
    ' ',
    '__proto__',
    'constructor',
    '0',
    '-1',
    'null',
    '%00',
    '\u0000',
    '../..',
    `"'><b>&amp;{{7*7}}`,
  ),
);

/** Mostly a valid value, sometimes another one. */
export function mostly<T>(good: readonly T[], other: fc.Arbitrary<T>, weight = 20): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: other });
}

/** Any int32; extreme and usual values are frequent. */
export const anyInt32: fc.Arbitrary<number> = fc.oneof(
  fc.integer(),
  fc.integer({ min: -2, max: 15 }),
  fc.constantFrom(2 ** 31 - 1, -(2 ** 31), 1000, 1001, 9999, 10_000),
);

/** Any int64; extreme and usual values are frequent. */
export const anyInt64: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -2n, max: 1000n }),
  fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n)),
);

/** Product ids of the catalogue. */
export const SOLD: readonly string[] = ['6E92ZMYYFZ', 'OLJCESPC7Z', '1YMWWN1N4O'];

/** Mostly a product id of the catalogue. */
export const productId: fc.Arbitrary<string> = mostly(SOLD, fc.oneof(fc.constant('NOSUCHTHNG'), anyText), 8);

/** Mostly the CVV that no log may contain. */
export const cvv: fc.Arbitrary<number> = mostly([CVV], anyInt32);

/** Mostly a card number. */
export const cardNumber: fc.Arbitrary<string> = fc.oneof(
  mostly(FUZZED_CARDS.slice(0, 3), anyText),
  fc.constantFrom(...FUZZED_CARDS),
);
