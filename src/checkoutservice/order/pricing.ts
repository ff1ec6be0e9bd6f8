import { type Money, roundToMinorUnit, sum, times } from '../../domain/money.ts';
import type { OrderLine } from './order.ts';

/** A line before its price is rounded. */
export type UnpricedLine = Omit<OrderLine, 'unitPrice'> & { readonly exactUnitPrice: Money };

/** What an order costs. */
export type PricedOrder = {
  readonly lines: readonly OrderLine[];
  readonly shippingCost: Money;
  readonly total: Money;
};

/**
 * Prices an order. Unit prices and shipping are rounded to the minor unit before they are multiplied, so that the lines
 * a shopper sees add up to what is charged. All amounts are of one currency.
 */
export function priceOrder(lines: readonly UnpricedLine[], exactShippingCost: Money): PricedOrder {
  const priced = lines.map(({ exactUnitPrice, ...line }) => ({ ...line, unitPrice: roundToMinorUnit(exactUnitPrice) }));
  const shippingCost = roundToMinorUnit(exactShippingCost);
  const lineTotals = priced.map((line) => times(line.unitPrice, line.quantity));
  return { lines: priced, shippingCost, total: sum(shippingCost.currency, [...lineTotals, shippingCost]) };
}
