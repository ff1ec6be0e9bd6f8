import { type Money, sum, times } from './money.ts';

/**
 * What the buyer pays: unit prices times quantities, plus shipping. All amounts are in the currency of the shipping cost.
 * Checkout computes the total once per order; other services compute it only when checkout sent none.
 *
 * @throws {RangeError} when an amount is in another currency
 */
export function orderTotal(
  lines: readonly { readonly unitPrice: Money; readonly quantity: number }[],
  shippingCost: Money,
): Money {
  const lineTotals = lines.map(({ unitPrice, quantity }) => times(unitPrice, quantity));
  return sum(shippingCost.currency, [...lineTotals, shippingCost]);
}
