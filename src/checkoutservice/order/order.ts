import type { Money } from '../../domain/money.ts';
import type { OrderRejection } from '../../reasons.ts';

/** How an order stands. PLACED -> PAID -> SHIPPED -> CONFIRMED; on failure REFUNDING -> REJECTED. */
export type OrderState = 'PLACED' | 'PAID' | 'SHIPPED' | 'CONFIRMED' | 'REFUNDING' | 'REJECTED';

/** A line of an order: the unit price is the one charged, in the order's currency, rounded to its minor unit. */
export type OrderLine = {
  readonly productId: string;
  readonly productName: string;
  readonly quantity: number;
  readonly unitPrice: Money;
};

/** Where an order goes, as the shopper typed it. */
export type ShippingAddress = {
  readonly streetAddress: string;
  readonly city: string;
  readonly state: string;
  readonly country: string;
  readonly zipCode: number;
  readonly postalCode: string | undefined;
};

/** What a shopper agreed to buy. It never changes. */
export type Purchase = {
  readonly orderId: string;
  readonly userId: string;
  /** Makes the order the only one of its kind for this user. */
  readonly idempotencyKey: string;
  readonly email: string;
  readonly address: ShippingAddress;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly shippingCost: Money;
  /** Sum of the lines plus shipping. */
  readonly total: Money;
  /** Version of the cart that was bought; `undefined` when the peer has no versions. */
  readonly cartVersion: string | undefined;
  /** The trace of the click that placed it, as a W3C traceparent. */
  readonly traceparent?: string | undefined;
};

/** Why an order was rejected, or needs manual intervention. */
export type OrderReason = OrderRejection | 'PAYMENT_UNKNOWN';

/** What happened to an order. Its events in their order are the order. */
export type OrderEvent = { readonly timeMs: number } & (
  | { readonly type: 'placed'; readonly purchase: Purchase }
  | { readonly type: 'charged'; readonly transactionId: string }
  | { readonly type: 'shipped'; readonly trackingId: string }
  | { readonly type: 'confirmed' }
  /** Nothing was charged. */
  | { readonly type: 'rejected'; readonly reason: OrderRejection }
  /** The goods could not be sent: what was charged goes back, and a shipment of unknown fate is called back. */
  | { readonly type: 'refund-started'; readonly reason: OrderRejection; readonly shipmentUncertain: boolean }
  | { readonly type: 'shipment-cancelled' }
  | { readonly type: 'refunded'; readonly refundId: string }
  /** Nobody but a person can find out whether the card was charged. */
  | { readonly type: 'needs-person'; readonly reason: 'PAYMENT_UNKNOWN' }
);

/** One line of an order's history. */
export type Transition = { readonly state: OrderState; readonly timeMs: number; readonly reason: OrderReason | '' };

/** An order as its events have made it. */
export type Order = {
  readonly purchase: Purchase;
  readonly state: OrderState;
  readonly history: readonly Transition[];
  /** How many events made it. */
  readonly version: number;
  readonly transactionId: string | undefined;
  readonly trackingId: string | undefined;
  /** Why it failed; empty while it has not. */
  readonly reason: OrderReason | '';
  /** What must still be undone while it is REFUNDING. */
  readonly open: { readonly refund: boolean; readonly shipment: boolean };
  /** True when only a person can bring it further. */
  readonly needsPerson: boolean;
};

/** The order a purchase begins as. */
export function placedOrder(purchase: Purchase, timeMs: number): Order {
  return {
    purchase,
    state: 'PLACED',
    history: [{ state: 'PLACED', timeMs, reason: '' }],
    version: 1,
    transactionId: undefined,
    trackingId: undefined,
    reason: '',
    open: { refund: false, shipment: false },
    needsPerson: false,
  };
}

/** The one state each event happens in. */
const HAPPENS_IN: Readonly<Record<Exclude<OrderEvent['type'], 'placed'>, OrderState>> = {
  charged: 'PLACED',
  rejected: 'PLACED',
  'needs-person': 'PLACED',
  shipped: 'PAID',
  'refund-started': 'PAID',
  confirmed: 'SHIPPED',
  'shipment-cancelled': 'REFUNDING',
  refunded: 'REFUNDING',
};

/**
 * The order after one more event.
 *
 * @throws {Error} when the event cannot happen to an order that stands like this: no order is rejected with its money kept
 */
export function evolve(order: Order, event: OrderEvent): Order {
  if (event.type === 'placed' || HAPPENS_IN[event.type] !== order.state) {
    throw new Error(`${event.type} cannot happen to an order that is ${order.state}`);
  }
  const next = { ...order, version: order.version + 1 };
  const moved = (state: OrderState, change: Partial<Order> = {}): Order => ({
    ...next,
    ...change,
    state,
    history: [...order.history, { state, timeMs: event.timeMs, reason: change.reason ?? '' }],
  });
  switch (event.type) {
    case 'charged':
      return moved('PAID', { transactionId: event.transactionId, reason: '', needsPerson: false });
    case 'shipped':
      return moved('SHIPPED', { trackingId: event.trackingId });
    case 'confirmed':
      return moved('CONFIRMED');
    case 'rejected':
      return moved('REJECTED', { reason: event.reason, needsPerson: false });
    case 'refund-started':
      return moved('REFUNDING', {
        reason: event.reason,
        open: { refund: true, shipment: event.shipmentUncertain },
      });
    case 'shipment-cancelled':
      return compensated(next, 'shipment', event.timeMs);
    case 'refunded':
      return compensated(next, 'refund', event.timeMs);
    case 'needs-person':
      return moved(order.state, { reason: event.reason, needsPerson: true });
  }
}

function compensated(order: Order, done: 'refund' | 'shipment', timeMs: number): Order {
  if (!order.open[done]) throw new Error(`the ${done} of this order is not open`);
  const open = { ...order.open, [done]: false };
  if (open.refund || open.shipment) return { ...order, open };
  const transition: Transition = { state: 'REJECTED', timeMs, reason: order.reason };
  return { ...order, open, state: 'REJECTED', history: [...order.history, transition] };
}

/** What has to be done next for an order: `undefined` when nothing is left, or when a person has to. */
export function nextStep(order: Order): 'charge' | 'ship' | 'confirm' | 'compensate' | undefined {
  if (order.needsPerson) return undefined;
  switch (order.state) {
    case 'PLACED':
      return 'charge';
    case 'PAID':
      return 'ship';
    case 'SHIPPED':
      return 'confirm';
    case 'REFUNDING':
      return 'compensate';
    case 'CONFIRMED':
    case 'REJECTED':
      return undefined;
  }
}
