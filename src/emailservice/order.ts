import { type Money, sum, times } from '../domain/money.ts';

/** An order as a mail tells of it. All its amounts are of one currency. */
export type MailedOrder = {
  readonly orderId: string;
  /** Empty until it is shipped. */
  readonly trackingId: string;
  readonly lines: readonly OrderLine[];
  readonly shippingCost: Money;
  /** The shipping address as it is written on a parcel, line by line; empty when it is not known. */
  readonly addressLines: readonly string[];
};

/** A line item. */
export type OrderLine = { readonly name: string; readonly quantity: number; readonly unitPrice: Money };

/** Where goods are sent to. Any part may be empty. */
export type PostalAddress = {
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly country: string;
};

/** Unit price times quantity. */
export function lineTotal(line: OrderLine): Money {
  return times(line.unitPrice, line.quantity);
}

/** What the buyer pays: the sum of the lines plus shipping. */
export function orderTotal(order: MailedOrder): Money {
  return sum(order.shippingCost.currency, [...order.lines.map(lineTotal), order.shippingCost]);
}

/** Pieces in the order. */
export function pieceCount(order: MailedOrder): number {
  return order.lines.reduce((pieces, { quantity }) => pieces + quantity, 0);
}

/** An address as it is written on a parcel; parts that are empty leave no trace. */
export function linesOfAddress({ street, city, state, postalCode, country }: PostalAddress): readonly string[] {
  const region = joinNonEmpty([state, postalCode], ' ');
  return [street, joinNonEmpty([city, region], ', '), country].filter((line) => line !== '');
}

function joinNonEmpty(parts: readonly string[], separator: string): string {
  return parts.filter((part) => part !== '').join(separator);
}
