import { type Money, zero } from '../domain/money.ts';

const FLAT_RATE: Money = { currency: 'USD', nanos: 8_990_000_000n };

/** Returns the shipping cost: one flat rate for any address, zero for no lines. */
export function quoteFor(lines: number): Money {
  return lines > 0 ? FLAT_RATE : zero(FLAT_RATE.currency);
}
