import { type Money, sum, times } from './money.ts';

/**
 * What the buyer pays: unit prices times quantities, plus shipping. All amounts are in the currency of the shipping cost.
 * Checkout computes it once for an order; other services use it only for an order whose checkout sent no total.
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
