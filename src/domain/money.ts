import { isCurrencyCode, minorUnitDigits } from './currency-codes.ts';
import { divideHalfToEven, type Rational } from './rational.ts';

const NANOS_PER_UNIT = 1_000_000_000n;
const MAX_UNITS = 2n ** 63n - 1n;
const MIN_UNITS = -(2n ** 63n);

/** An amount: `nanos` billionths of a unit of `currency`. Never converted to a float. */
export type Money = { readonly currency: string; readonly nanos: bigint };

/** The shape of an amount on the wire. Source: google.type.Money. */
export type WireMoney = { readonly currencyCode: string; readonly units: bigint; readonly nanos: number };

/** Returns the rule of google.type.Money that an amount on the wire breaks, or `undefined`. */
export function wireMoneyProblem(wire: WireMoney): string | undefined {
  if (!isCurrencyCode(wire.currencyCode)) return 'currency_code must be three capital letters, such as EUR';
  if (wire.nanos < -999_999_999 || wire.nanos > 999_999_999) return 'nanos must be from -999,999,999 to 999,999,999';
  if ((wire.units > 0n && wire.nanos < 0) || (wire.units < 0n && wire.nanos > 0)) {
    return 'units and nanos must have the same sign';
  }
  return undefined;
}

/**
 * Reads an amount from the wire.
 *
 * @throws {RangeError} when it breaks a rule of google.type.Money; see `wireMoneyProblem`
 */
export function fromWire(wire: WireMoney): Money {
  const problem = wireMoneyProblem(wire);
  if (problem !== undefined) throw new RangeError(problem);
  return { currency: wire.currencyCode, nanos: wire.units * NANOS_PER_UNIT + BigInt(wire.nanos) };
}

/** Which amounts of the wire are accepted. */
export type MoneyRules = {
  readonly sign: 'any' | 'not-negative' | 'positive';
  /** The only accepted currency; any when absent. */
  readonly currency?: string | undefined;
};

export type ParsedMoney =
  | { readonly ok: true; readonly money: Money }
  /** `problem` completes a sentence that begins with the name of the field. */
  | { readonly ok: false; readonly problem: string };

/** Reads an amount from the wire, and checks it by the rules of google.type.Money and those of the caller. */
export function parseMoney(wire: WireMoney | undefined, { sign, currency }: MoneyRules): ParsedMoney {
  if (wire === undefined) return { ok: false, problem: 'must be present' };
  const problem = wireMoneyProblem(wire);
  if (problem !== undefined) return { ok: false, problem: `is not an amount: ${problem}` };
  const money = fromWire(wire);
  if (sign === 'not-negative' && money.nanos < 0n) return { ok: false, problem: 'must not be negative' };
  if (sign === 'positive' && money.nanos <= 0n) return { ok: false, problem: 'must be more than zero' };
  if (currency !== undefined && money.currency !== currency) return { ok: false, problem: `must be in ${currency}` };
  return { ok: true, money };
}

/**
 * Writes an amount for the wire.
 *
 * @throws {RangeError} when its units do not fit 64 bits
 */
export function toWire(money: Money): { currencyCode: string; units: bigint; nanos: number } {
  if (!fitsWire(money)) throw new RangeError('amount does not fit 64 bits of units');
  return {
    currencyCode: money.currency,
    units: money.nanos / NANOS_PER_UNIT,
    nanos: Number(money.nanos % NANOS_PER_UNIT),
  };
}

/** True when the units of the amount fit the 64 bits they have on the wire. */
export function fitsWire(money: Money): boolean {
  const units = money.nanos / NANOS_PER_UNIT;
  return units >= MIN_UNITS && units <= MAX_UNITS;
}

export function zero(currency: string): Money {
  return { currency, nanos: 0n };
}

/**
 * Adds amounts of one currency; no amounts are zero.
 *
 * @throws {RangeError} when an amount is of another currency
 */
export function sum(currency: string, amounts: Iterable<Money>): Money {
  let nanos = 0n;
  for (const amount of amounts) {
    if (amount.currency !== currency) throw new RangeError(`cannot add ${amount.currency} to ${currency}`);
    nanos += amount.nanos;
  }
  return { currency, nanos };
}

/** Multiplies an amount by a whole number, such as a quantity. */
export function times(money: Money, factor: number): Money {
  return { currency: money.currency, nanos: money.nanos * BigInt(factor) };
}

/** Rounds to the smallest payable amount of its currency, half to even: cents for EUR, whole units for JPY. */
export function roundToMinorUnit(money: Money): Money {
  const step = NANOS_PER_UNIT / 10n ** BigInt(minorUnitDigits(money.currency));
  return { currency: money.currency, nanos: divideHalfToEven(money.nanos, step) * step };
}

/** Converts by rates per common base, rounded once to a billionth of a unit, half to even. */
export function convert(money: Money, to: { currency: string; rate: Rational }, from: { rate: Rational }): Money {
  const numerator = money.nanos * to.rate.numerator * from.rate.denominator;
  const denominator = to.rate.denominator * from.rate.numerator;
  return { currency: to.currency, nanos: divideHalfToEven(numerator, denominator) };
}

/** The amount as a decimal number with exactly the minor units of its currency, rounded half to even: "17.68". */
export function toDecimal(money: Money): string {
  const digits = minorUnitDigits(money.currency);
  const minor = divideHalfToEven(money.nanos, NANOS_PER_UNIT / 10n ** BigInt(digits));
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  const sign = minor < 0n ? '-' : '';
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Reads a decimal number with at most nine decimals, such as `17.68`; `undefined` for any other text. */
export function fromDecimal(currency: string, text: string): Money | undefined {
  const [, units = '', fraction = ''] = /^(\d{1,18})(?:\.(\d{1,9}))?$/.exec(text) ?? [];
  if (!isCurrencyCode(currency) || units === '') return undefined;
  return { currency, nanos: BigInt(units) * NANOS_PER_UNIT + BigInt(fraction.padEnd(9, '0')) };
}

/** The amount formatted in American English: "€17.68", "¥2,515". */
export function formatMoney(money: Money): string {
  // A decimal string is formatted exactly; a number would be a float.
  return formatOf(money.currency).format(toDecimal(money) as `${number}`);
}

// Creating a formatter costs about a hundred times as much as using it. One entry per displayed currency.
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string): Intl.NumberFormat {
  const known = formats.get(currency);
  if (known !== undefined) return known;
  const digits = minorUnitDigits(currency);
  const made = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  formats.set(currency, made);
  return made;
}
