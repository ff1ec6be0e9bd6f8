/**
 * True when the last digit is the check digit of the others. Detects every single mistyped digit. The text must be digits
 * only.
 * Source: ISO/IEC 7812-1, annex B.
 */
export function passesLuhn(digits: string): boolean {
  let total = 0;
  let doubled = false;
  for (let i = digits.length - 1; i >= 0; i -= 1) {
    const value = Number(digits[i]) * (doubled ? 2 : 1);
    total += value > 9 ? value - 9 : value;
    doubled = !doubled;
  }
  return total % 10 === 0;
}
