import { type Money, times } from '../domain/money.ts';

/** An order as a mail tells of it. All its amounts are of one currency. */
export type MailedOrder = {
  readonly orderId: string;
  /** Empty until it is shipped. */
  readonly trackingId: string;
  readonly lines: readonly OrderLine[];
  readonly shippingCost: Money;
  /** What the buyer pays. */
  readonly total: Money;
  /** The shipping address as it is written on a parcel, line by line; empty when it is not known. */
  readonly addressLines: readonly string[];
};

/** A line item. */
export type OrderLine = { readonly name: string; readonly quantity: number; readonly unitPrice: Money };

/** Unit price times quantity. */
export function lineTotal(line: OrderLine): Money {
  return times(line.unitPrice, line.quantity);
}

/** Pieces in the order. */
export function pieceCount(order: MailedOrder): number {
  return order.lines.reduce((pieces, { quantity }) => pieces + quantity, 0);
}
