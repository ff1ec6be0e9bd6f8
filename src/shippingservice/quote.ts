import { type Money, zero } from '../domain/money.ts';

const FLAT_RATE: Money = { currency: 'USD', nanos: 8_990_000_000n };

/** Answers what it costs to ship so many lines, anywhere: one flat rate, and nothing for none. */
export function quoteFor(lines: number): Money {
  return lines > 0 ? FLAT_RATE : zero(FLAT_RATE.currency);
}
