import type { OrderEventType, OrderStateName } from '../../order-state.ts';
import type { ShopperOrder } from '../upstreams/shopper-order.ts';

/** A state in the words of the storefront. `moving`: the state will change without the shopper. */
export type StateWords = { readonly text: string; readonly label: string; readonly moving: boolean };

const STATES: Readonly<Record<OrderStateName, StateWords>> = {
  PLACED: { text: 'We are charging the card.', label: 'Order placed', moving: true },
  PAID: { text: 'The payment is complete. We are preparing the shipment.', label: 'Paid', moving: true },
  SHIPPED: { text: 'The goods were handed over for shipping.', label: 'Handed over for shipping', moving: true },
  CONFIRMED: { text: 'The goods are on their way. A confirmation mail follows.', label: 'Confirmed', moving: false },
  REFUNDING: {
    text: 'We could not complete this order. The charge is being refunded.',
    label: 'Refund started',
    moving: true,
  },
  REJECTED: { text: 'This order was not completed. You were not charged.', label: 'Not completed', moving: false },
};
const REFUNDED: StateWords = {
  text: 'This order was not completed. The charge was refunded.',
  label: 'Refunded, not completed',
  moving: false,
};
const CANCELLED: StateWords = {
  text: 'This order was not completed. If your card was charged, the charge was refunded.',
  label: 'Cancelled',
  moving: false,
};

/** The words for the states of an order. */
export function stateWords(
  order: Pick<ShopperOrder, 'history' | 'isCancelled'>,
): Readonly<Record<OrderStateName, StateWords>> {
  // An order that was to be refunded is rejected only after the refund.
  if (order.history.some(({ state }) => state === 'REFUNDING')) return { ...STATES, REJECTED: REFUNDED };
  return order.isCancelled ? { ...STATES, REJECTED: CANCELLED } : STATES;
}

const EVENTS: Readonly<Record<OrderEventType, string>> = {
  placed: 'You placed the order',
  charged: 'Your card was charged',
  shipped: 'The goods were handed over for shipping',
  confirmed: 'The order was confirmed',
  rejected: 'The order was not completed, and nothing was charged',
  'refund-started': 'The goods could not be shipped, so the refund started',
  'earlier-charge-found': 'A charge of an earlier attempt was found, so its refund started',
  'shipment-cancelled': 'The shipment was cancelled',
  refunded: 'The charge was refunded',
  'intervention-needed': 'Our staff was asked to look into the order',
  'retry-requested': 'Our staff resumed the order',
  'refund-requested': 'Our staff cancelled the order, and the refund of a charge started',
  'charge-settled': 'Our staff settled the payment by hand and closed the order',
  'task-replayed': 'Our staff repeated a mail of the order',
  'personal-data-erased': 'Your addresses were erased',
};

/** What happened, in the words of the storefront. An event that is newer than this code has general words. */
export function eventWords(type: string): string {
  return type in EVENTS ? EVENTS[type as OrderEventType] : 'The order was updated';
}
