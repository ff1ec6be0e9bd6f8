import * as fc from 'fast-check';
import { CARD_NUMBER, CVV } from './bystander.ts';

/** Users that the fuzz acts for: their carts and orders fill up, so that what is deep in the shop is reached too. */
export const FUZZED_USERS: readonly string[] = [
  '4d1c1f5e-3c0a-4f5e-9d8e-0a1b2c3d4e5f',
  '5e2d2a6f-4d1b-4a6f-8e9f-1b2c3d4e5f60',
];

/** Card numbers that the fuzz pays with; none may be found in a log. */
export const FUZZED_CARDS: readonly string[] = [
  CARD_NUMBER,
  '5555555555554444',
  '2223003122003222',
  '4000000000000002',
  '378282246310005',
  '44328015615204540000',
];

// What some language or format gives a meaning to.
const SPECIAL = `%\\/<>"'&{}[]()$;:=?#+*,.@ \t\r\n\0aZ09`;

/** Any text: ordinary, of every code point, with lone surrogates, long, or one that code may stumble over. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 200 }),
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

/** Mostly the value that gets through, sometimes another one. */
export function mostly<T>(good: readonly T[], other: fc.Arbitrary<T>, weight = 20): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: other });
}

/** Any int32, the extreme and the ordinary ones often. */
export const anyInt32: fc.Arbitrary<number> = fc.oneof(
  fc.integer(),
  fc.integer({ min: -2, max: 15 }),
  fc.constantFrom(2 ** 31 - 1, -(2 ** 31), 1000, 1001, 9999, 10_000),
);

/** Any int64, the extreme and the ordinary ones often. */
export const anyInt64: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -2n, max: 1000n }),
  fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n)),
);

/** Products that are sold. */
export const SOLD: readonly string[] = ['6E92ZMYYFZ', 'OLJCESPC7Z', '1YMWWN1N4O'];

/** A product that is sold, mostly. */
export const productId: fc.Arbitrary<string> = mostly(SOLD, fc.oneof(fc.constant('NOSUCHTHNG'), anyText), 8);

/** The CVV that no log may hold, mostly. */
export const cvv: fc.Arbitrary<number> = mostly([CVV], anyInt32);

/** A number of a card, mostly. */
export const cardNumber: fc.Arbitrary<string> = fc.oneof(
  mostly(FUZZED_CARDS.slice(0, 3), anyText),
  fc.constantFrom(...FUZZED_CARDS),
);
