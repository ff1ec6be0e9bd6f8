import { formatMoney, type Money } from '../domain/money.ts';
import { lineTotal, type MailedOrder, pieceCount } from './order.ts';

/** Which of the two mails it is. */
export type LetterKind = 'confirmation' | 'cancellation';

/** What a mail says, decided and formatted: the same words become its plain text and its HTML. */
export type Letter = {
  readonly kind: LetterKind;
  readonly orderId: string;
  readonly subject: string;
  /** What a mailbox shows beside the subject. */
  readonly preview: string;
  readonly headline: string;
  readonly intro: string;
  /** The one fact that must not be missed. */
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
  /** Labelled facts, each of one or more lines. */
  readonly details: readonly { readonly label: string; readonly lines: readonly string[] }[];
};

/** What stands below every mail. */
export const FOOTER =
  'Mercato is a demonstration shop: no card is charged and no goods are shipped. ' +
  'This mail went to the address given with the order. It holds nothing that reports back whether you read it.';

/** The letter that confirms an order. */
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
 * The letter that says an order was cancelled.
 *
 * @param refunded what is given back; `undefined` or zero when nothing had been charged
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
      : { title: 'Nothing was charged', text: 'Your card was not charged, so there is nothing to give back.' },
    itemsTitle: 'What was cancelled',
    details: details(order, { tracking: 'Shipment called back', address: 'It was to go to' }),
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
