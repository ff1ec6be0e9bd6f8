import { type Money, times } from '../domain/money.ts';

/** The content of an order for a mail. All amounts have the same currency. */
export type MailedOrder = {
  readonly orderId: string;
  /** Empty until it is shipped. */
  readonly trackingId: string;
  readonly lines: readonly OrderLine[];
  readonly shippingCost: Money;
  readonly total: Money;
  /** The lines of the shipping address; empty when the order has no address. */
  readonly addressLines: readonly string[];
};

export type OrderLine = { readonly name: string; readonly quantity: number; readonly unitPrice: Money };

/** Unit price times quantity. */
export function lineTotal(line: OrderLine): Money {
  return times(line.unitPrice, line.quantity);
}

/** The sum of the quantities. */
export function pieceCount(order: MailedOrder): number {
  return order.lines.reduce((pieces, { quantity }) => pieces + quantity, 0);
}
