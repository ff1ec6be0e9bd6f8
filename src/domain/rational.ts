/** An exact fraction. The denominator is positive. */
export type Rational = { readonly numerator: bigint; readonly denominator: bigint };

/**
 * Reads a positive decimal number such as "126.40" exactly.
 *
 * @throws {Error} when the text is not a positive decimal number
 */
export function positiveRational(decimal: string): Rational {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(decimal);
  if (match === null) throw new Error(`not a decimal number: ${decimal}`);
  const fraction = match[2] ?? '';
  const numerator = BigInt(`${match[1]}${fraction}`);
  if (numerator === 0n) throw new Error(`not a positive number: ${decimal}`);
  return { numerator, denominator: 10n ** BigInt(fraction.length) };
}

/** Divides and rounds to a whole number, half to even. The denominator must be positive. */
export function divideHalfToEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const remainder = numerator % denominator;
  const twice = remainder < 0n ? -remainder * 2n : remainder * 2n;
  const awayFromZero = twice > denominator || (twice === denominator && quotient % 2n !== 0n);
  if (!awayFromZero) return quotient;
  return numerator < 0n ? quotient - 1n : quotient + 1n;
}
