import fc from 'fast-check';
import { passesLuhn } from './luhn.ts';

const digit = fc.integer({ min: 0, max: 9 });

/** Random digits of the length of a card number, with a correct check digit. */
const rightNumber = fc.array(digit, { minLength: 11, maxLength: 18 }).map((digits) => {
  const start = digits.join('');
  const checkDigits = Array.from({ length: 10 }, (_, check) => `${start}${check}`).filter(passesLuhn);
  expect(checkDigits).toHaveLength(1);
  return checkDigits[0] ?? '';
});

describe('the check digit of a card number', () => {
  it.each(['79927398713', '4111111111111111', '5555555555554444', '4432801561520454', '378282246310005'])(
    'is right in %s',
    (digits) => {
      expect(passesLuhn(digits)).toBe(true);
    },
  );

  it('is wrong when any single digit is changed', () => {
    fc.assert(
      fc.property(rightNumber, fc.nat(), fc.integer({ min: 1, max: 9 }), (digits, where, change) => {
        const at = where % digits.length;
        const changed = (Number(digits[at]) + change) % 10;
        expect(passesLuhn(`${digits.slice(0, at)}${changed}${digits.slice(at + 1)}`)).toBe(false);
      }),
    );
  });

  it('is wrong when two different adjacent digits are swapped, unless they are 0 and 9', () => {
    fc.assert(
      fc.property(rightNumber, fc.nat(), (digits, where) => {
        const at = where % (digits.length - 1);
        const [left = '', right = ''] = [digits[at], digits[at + 1]];
        fc.pre(left !== right && left + right !== '09' && left + right !== '90');
        expect(passesLuhn(`${digits.slice(0, at)}${right}${left}${digits.slice(at + 2)}`)).toBe(false);
      }),
    );
  });
});
