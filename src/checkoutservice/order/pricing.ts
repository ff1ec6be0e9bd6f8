import { type Money, roundToMinorUnit } from '../../domain/money.ts';
import { orderTotal } from '../../domain/order-total.ts';
import type { OrderLine } from './order.ts';

/** A line before its price is rounded. */
export type UnpricedLine = Omit<OrderLine, 'unitPrice'> & { readonly exactUnitPrice: Money };

export type PricedOrder = {
  readonly lines: readonly OrderLine[];
  readonly shippingCost: Money;
  readonly total: Money;
};

/**
 * Prices an order. Unit prices and shipping are rounded to the minor unit before they are multiplied, so that the lines on
 * the page add up to the charge. All amounts are in one currency.
 */
export function priceOrder(lines: readonly UnpricedLine[], exactShippingCost: Money): PricedOrder {
  const priced = lines.map(({ exactUnitPrice, ...line }) => ({ ...line, unitPrice: roundToMinorUnit(exactUnitPrice) }));
  const shippingCost = roundToMinorUnit(exactShippingCost);
  return { lines: priced, shippingCost, total: orderTotal(priced, shippingCost) };
}
