import type { Money } from '../../domain/money.ts';
import type { OrderEventType, OrderStateName } from '../../order-state.ts';
import type { InterventionReason, OrderRejection } from '../../reasons.ts';

/** A line of an order. The unit price is in the order's currency, rounded to its minor unit. */
export type OrderLine = {
  readonly productId: string;
  readonly productName: string;
  readonly quantity: number;
  readonly unitPrice: Money;
};

/** The destination of an order, as the shopper typed it. */
export type ShippingAddress = {
  readonly streetAddress: string;
  readonly city: string;
  readonly state: string;
  readonly country: string;
  readonly zipCode: number;
  readonly postalCode: string | undefined;
};

/** What a shopper agreed to buy. Immutable. */
export type Purchase = {
  readonly orderId: string;
  readonly userId: string;
  /** Unique among the orders of this user. */
  readonly idempotencyKey: string;
  readonly email: string;
  readonly address: ShippingAddress;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly shippingCost: Money;
  /** Sum of the lines plus shipping. */
  readonly total: Money;
  /** Version of the cart that was bought; `undefined` when the cart service has no versions. */
  readonly cartVersion: string | undefined;
  /** The trace of the click that placed it, as a W3C traceparent. */
  readonly traceparent?: string | undefined;
};

/** Why an order was rejected, or needs manual intervention. */
export type OrderReason = OrderRejection | InterventionReason;

/** The two compensations of an order that failed after its charge. */
export type Compensation = 'refund' | 'shipment';

/** The person who changed an order by hand, and why. */
export type Operator = { readonly by: string; readonly why: string };

/** What happened to an order. An order is the sequence of its events. */
export type OrderEvent = { readonly timeMs: number } & (
  | { readonly type: 'placed'; readonly purchase: Purchase }
  | { readonly type: 'charged'; readonly transactionId: string }
  | { readonly type: 'shipped'; readonly trackingId: string }
  | { readonly type: 'confirmed' }
  /** Nothing was charged. */
  | { readonly type: 'rejected'; readonly reason: OrderRejection }
  /** The goods could not be shipped: the charge is refunded. The shipment is cancelled, too: it may have happened. */
  | { readonly type: 'refund-started'; readonly reason: OrderRejection }
  /** The idempotency key was charged before by an attempt that does not match this order: that attempt is undone. */
  | {
      readonly type: 'earlier-charge-found';
      readonly transactionId: string;
      readonly amount: Money;
      readonly reason: OrderRejection;
    }
  | { readonly type: 'shipment-cancelled' }
  | { readonly type: 'refunded'; readonly refundId: string }
  /**
   * No retry can help: it is unknown whether the card was charged, or an upstream permanently refused a compensation. The
   * other compensation continues.
   */
  | {
      readonly type: 'intervention-needed';
      readonly reason: InterventionReason;
      readonly compensation?: Compensation;
    }
  /** An operator resumes an order that needed manual intervention. */
  | ({ readonly type: 'retry-requested' } & Operator)
  /**
   * An operator cancels an order: the charge is refunded and the shipment is cancelled. When the charge is unknown, payment is
   * asked for it first.
   */
  | ({ readonly type: 'refund-requested' } & Operator)
  /** Payment cannot tell the charge of a cancelled order; an operator refunded it at the payment provider, if there was one. */
  | ({ readonly type: 'charge-settled' } & Operator)
  /** An operator returned a dead-lettered task of this order to the outbox. */
  | ({ readonly type: 'task-replayed'; readonly task: string } & Operator)
  /** The e-mail address and the shipping address became unreadable. */
  | ({ readonly type: 'personal-data-erased' } & Operator)
);

/** One line of an order's history. */
export type Transition = { readonly state: OrderStateName; readonly timeMs: number; readonly reason: OrderReason | '' };

/** The state that results from the events of an order. */
export type Order = {
  readonly purchase: Purchase;
  readonly state: OrderStateName;
  readonly history: readonly Transition[];
  /** Number of its events. */
  readonly version: number;
  readonly transactionId: string | undefined;
  /** What was charged: the total of the purchase, or the amount of an earlier attempt. */
  readonly charged: Money | undefined;
  readonly trackingId: string | undefined;
  /** Why it failed; empty while it has not. */
  readonly reason: OrderReason | '';
  /** The compensations that are not done yet while the order is REFUNDING. */
  readonly open: Readonly<Record<Compensation, boolean>>;
  /** The open compensations that an upstream refused permanently. */
  readonly refused: Readonly<Record<Compensation, boolean>>;
  /** True when a part of the order cannot be completed by a retry. */
  readonly needsIntervention: boolean;
  /** True when the e-mail address and the shipping address were erased; they are empty then. */
  readonly isErased?: boolean;
};

/** The order after its first event, `placed`. */
export function placedOrder(purchase: Purchase, timeMs: number): Order {
  return {
    purchase,
    state: 'PLACED',
    history: [{ state: 'PLACED', timeMs, reason: '' }],
    version: 1,
    transactionId: undefined,
    charged: undefined,
    trackingId: undefined,
    reason: '',
    open: { refund: false, shipment: false },
    refused: { refund: false, shipment: false },
    needsIntervention: false,
  };
}

/** True when the order is complete or rejected. */
export function isFinal({ state }: Pick<Order, 'state'>): boolean {
  return state === 'CONFIRMED' || state === 'REJECTED';
}

/** Why an order is rejected when payment began no call. */
export const PAYMENT_UNREACHABLE = 'PAYMENT_UNREACHABLE' satisfies OrderRejection;

/** Why an order is rejected after an operator cancelled it. */
const CANCELLED = 'ORDER_CANCELLED' satisfies OrderRejection;
const CANCELLATION = { reason: CANCELLED, open: { refund: true, shipment: true } } as const;

/** The states in which each event can happen. */
const HAPPENS_IN: Readonly<Record<Exclude<OrderEventType, 'placed'>, readonly OrderStateName[]>> = {
  charged: ['PLACED'],
  rejected: ['PLACED'],
  'earlier-charge-found': ['PLACED'],
  'intervention-needed': ['PLACED', 'REFUNDING'],
  shipped: ['PAID'],
  'refund-started': ['PAID'],
  confirmed: ['SHIPPED'],
  'shipment-cancelled': ['REFUNDING'],
  refunded: ['REFUNDING'],
  'retry-requested': ['PLACED', 'REFUNDING'],
  'refund-requested': ['PLACED', 'PAID', 'SHIPPED', 'CONFIRMED'],
  'charge-settled': ['PLACED'],
  'task-replayed': ['PLACED', 'PAID', 'SHIPPED', 'CONFIRMED', 'REFUNDING', 'REJECTED'],
  'personal-data-erased': ['CONFIRMED', 'REJECTED'],
};

/**
 * The order after one more event.
 *
 * @throws {Error} when the event cannot happen in this state: no order is rejected while its charge is kept
 */
export function evolve(order: Order, event: OrderEvent): Order {
  if (event.type === 'placed' || !HAPPENS_IN[event.type].includes(order.state)) {
    throw new Error(`${event.type} cannot happen to an order that is ${order.state}`);
  }
  const next = { ...order, version: order.version + 1 };
  const moved = (state: OrderStateName, change: Partial<Order> = {}): Order => ({
    ...next,
    ...change,
    state,
    history: [...order.history, { state, timeMs: event.timeMs, reason: change.reason ?? '' }],
  });
  switch (event.type) {
    case 'charged': {
      const { transactionId } = event;
      const paid = { transactionId, charged: order.purchase.total, needsIntervention: false };
      return order.reason === CANCELLED
        ? moved('REFUNDING', { ...paid, ...CANCELLATION })
        : moved('PAID', { ...paid, reason: '' });
    }
    case 'shipped':
      return moved('SHIPPED', { trackingId: event.trackingId });
    case 'confirmed':
      return moved('CONFIRMED');
    case 'rejected':
      return moved('REJECTED', { reason: event.reason, needsIntervention: false });
    case 'refund-started':
      return moved('REFUNDING', { reason: event.reason, open: { refund: true, shipment: true } });
    case 'refund-requested':
      return order.state === 'PLACED' ? cancelledUnknown(next) : moved('REFUNDING', CANCELLATION);
    case 'charge-settled':
      if (!order.needsIntervention) throw new Error('only a charge that payment cannot tell is settled by an operator');
      return moved('REJECTED', { reason: CANCELLED, needsIntervention: false });
    case 'earlier-charge-found':
      return moved('REFUNDING', {
        transactionId: event.transactionId,
        charged: event.amount,
        reason: event.reason,
        needsIntervention: false,
        // The earlier attempt may have shipped, too.
        open: { refund: true, shipment: true },
      });
    case 'shipment-cancelled':
      return compensated(next, 'shipment', event.timeMs);
    case 'refunded':
      return compensated(next, 'refund', event.timeMs);
    case 'intervention-needed':
      return interventionNeeded(next, event);
    case 'retry-requested':
      return retryRequested(next);
    case 'task-replayed':
      return next;
    case 'personal-data-erased':
      return { ...next, isErased: true };
  }
}

function compensated(order: Order, done: Compensation, timeMs: number): Order {
  if (!order.open[done]) throw new Error(`the ${done} of this order is not open`);
  const open = { ...order.open, [done]: false };
  const refused = { ...order.refused, [done]: false };
  const needsIntervention = refused.refund || refused.shipment;
  if (open.refund || open.shipment) return { ...order, open, refused, needsIntervention };
  const transition: Transition = { state: 'REJECTED', timeMs, reason: order.reason };
  return { ...order, open, refused, needsIntervention, state: 'REJECTED', history: [...order.history, transition] };
}

function interventionNeeded(order: Order, event: Extract<OrderEvent, { type: 'intervention-needed' }>): Order {
  const { timeMs, reason, compensation } = event;
  const history = [...order.history, { state: order.state, timeMs, reason }];
  const next = { ...order, history, needsIntervention: true };
  if (order.state === 'PLACED' && compensation === undefined) return { ...next, reason };
  if (compensation === undefined || !isPending(order, compensation)) {
    throw new Error(`no compensation of this order can be refused: ${compensation}`);
  }
  return { ...next, refused: { ...order.refused, [compensation]: true } };
}

function retryRequested(order: Order): Order {
  if (!order.needsIntervention) throw new Error('an order that needs no intervention is retried without a request');
  const reason = order.state === 'PLACED' ? '' : order.reason;
  return { ...order, reason, refused: { refund: false, shipment: false }, needsIntervention: false };
}

/** The order stays PLACED until payment has told whether there is a charge to refund. */
function cancelledUnknown(order: Order): Order {
  if (!order.needsIntervention) throw new Error('an order that may still be charged cannot be cancelled');
  return { ...order, reason: CANCELLED, needsIntervention: false };
}

/**
 * True when the idempotency key of an order may be used for a new order: this one was rejected before payment began
 * a call. The repeat must have the same key: an order that was lost in a crash may have been charged with it.
 */
export function freesKey({ state, reason }: Pick<Order, 'state' | 'reason'>): boolean {
  return state === 'REJECTED' && reason === PAYMENT_UNREACHABLE;
}

/** True when a compensation is open and no upstream has refused it permanently. */
export function isPending(order: Pick<Order, 'open' | 'refused'>, compensation: Compensation): boolean {
  return order.open[compensation] && !order.refused[compensation];
}

/** The next step of an order; `undefined` in a final state, and when the order needs manual intervention. */
export function nextStep(order: Omit<Order, 'purchase'>): 'charge' | 'ship' | 'confirm' | 'compensate' | undefined {
  switch (order.state) {
    case 'PLACED':
      return order.needsIntervention ? undefined : 'charge';
    case 'PAID':
      return 'ship';
    case 'SHIPPED':
      return 'confirm';
    case 'REFUNDING':
      return isPending(order, 'refund') || isPending(order, 'shipment') ? 'compensate' : undefined;
    case 'CONFIRMED':
    case 'REJECTED':
      return undefined;
  }
}
