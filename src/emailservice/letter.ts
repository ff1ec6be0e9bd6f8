import { formatMoney, type Money } from '../domain/money.ts';
import { lineTotal, type MailedOrder, pieceCount } from './order.ts';

/** The kinds of mails to shoppers. */
export const LETTER_KINDS = ['confirmation', 'cancellation'] as const;

export type LetterKind = (typeof LETTER_KINDS)[number];

/** The formatted content of a mail, rendered as plain text and as HTML. */
export type Letter = {
  readonly kind: LetterKind;
  readonly orderId: string;
  readonly subject: string;
  /** The text that a mail program shows next to the subject. */
  readonly preview: string;
  readonly headline: string;
  readonly intro: string;
  /** The highlighted outcome of a cancellation. */
  readonly notice: { readonly title: string; readonly text: string } | undefined;
  readonly itemsTitle: string;
  /** Amounts are display text, such as "€17.68". */
  readonly lines: readonly {
    readonly name: string;
    readonly quantity: number;
    readonly unitPrice: string;
    readonly total: string;
  }[];
  readonly shipping: string;
  readonly total: string;
  /** Each has one or more lines. */
  readonly details: readonly { readonly label: string; readonly lines: readonly string[] }[];
};

/** The last paragraph of every mail. */
export const FOOTER =
  'Mercato is a demonstration shop: no card is charged and no goods are shipped. ' +
  'This mail was sent to the address given with the order. It does not report whether you read it.';

export function confirmationLetter(order: MailedOrder): Letter {
  const isShipped = order.trackingId !== '';
  const pieces = pieceCount(order);
  return {
    kind: 'confirmation',
    ...orderContent(order),
    subject: `Your Mercato order ${order.orderId}`,
    preview: `${pieces === 1 ? '1 item' : `${pieces} items`}, ${formatMoney(order.total)} in all.`,
    headline: 'Grazie! Thank you for your order',
    intro: isShipped
      ? 'Your payment went through and your parcel is on its way. Here is everything in one place, to keep.'
      : 'Your payment went through and we are packing your parcel. Here is everything in one place, to keep.',
    notice: undefined,
    itemsTitle: 'What you ordered',
    details: details(order, { tracking: 'Tracking number', address: 'On its way to' }),
  };
}

/**
 * @param refunded the refunded amount; `undefined` or zero when nothing was charged
 */
export function cancellationLetter(order: MailedOrder, refunded: Money | undefined): Letter {
  const isRefunded = refunded !== undefined && refunded.nanos > 0n;
  const outcome = isRefunded ? `${formatMoney(refunded)} refunded` : 'nothing was charged';
  return {
    kind: 'cancellation',
    ...orderContent(order),
    subject: `Your Mercato order ${order.orderId} was cancelled: ${outcome}`,
    preview: `We could not complete your order: ${outcome}.`,
    headline: 'Your order was cancelled',
    intro: 'We are sorry. We could not complete your order, so we cancelled it, and nothing will arrive.',
    notice: isRefunded
      ? {
          title: `${formatMoney(refunded)} goes back to you`,
          text: 'We refunded it to the card you paid with. Your bank may need a few days to show it.',
        }
      : { title: 'Nothing was charged', text: 'Your card was not charged, so no refund is needed.' },
    itemsTitle: 'What was cancelled',
    details: details(order, { tracking: 'Cancelled shipment', address: 'Shipping address' }),
  };
}

function orderContent(order: MailedOrder): Pick<Letter, 'orderId' | 'lines' | 'shipping' | 'total'> {
  return {
    orderId: order.orderId,
    lines: order.lines.map((line) => ({
      name: line.name,
      quantity: line.quantity,
      unitPrice: formatMoney(line.unitPrice),
      total: formatMoney(lineTotal(line)),
    })),
    shipping: formatMoney(order.shippingCost),
    total: formatMoney(order.total),
  };
}

function details(order: MailedOrder, labels: { tracking: string; address: string }): Letter['details'] {
  return [
    { label: 'Order number', lines: [order.orderId] },
    { label: labels.tracking, lines: order.trackingId === '' ? [] : [order.trackingId] },
    { label: labels.address, lines: order.addressLines },
  ].filter(({ lines }) => lines.length > 0);
}
