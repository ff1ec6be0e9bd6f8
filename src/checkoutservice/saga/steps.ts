import type { CreditCardInfo } from '../../genproto/hipstershop/payment.ts';
import { beginCall, type CallContext } from '../../lib/grpc/call-context.ts';
import { presentTrace } from '../../lib/telemetry/propagation.ts';
import type { CheckoutEvents } from '../events.ts';
import type { Order, OrderEvent } from '../order/order.ts';
import type { CartClient } from '../peers/cart-client.ts';
import type { FoundCharge, PaymentClient } from '../peers/payment-client.ts';
import type { ShipOutcome, ShippingClient } from '../peers/shipping-client.ts';
import type { OrderStore, OutboxTask } from '../store/order-store.ts';

/** What the steps of the saga need. */
export type StepDeps = {
  readonly store: OrderStore;
  readonly payment: PaymentClient;
  readonly shipping: Pick<ShippingClient, 'ship' | 'cancel'>;
  readonly cart: Pick<CartClient, 'emptyCart'>;
  readonly events: CheckoutEvents;
  readonly now: () => number;
  /** Lets some milliseconds pass. */
  readonly pause: (ms: number) => Promise<unknown>;
};

/**
 * Who asks for a step. The card is known only to the drive of the call that made the order, which is the first one: it is
 * never stored.
 */
export type Drive = { readonly card: CreditCardInfo | undefined; readonly requestId: string };

type EventBody = OrderEvent extends infer E ? (E extends OrderEvent ? Omit<E, 'timeMs'> : never) : never;

/** How long a step may take once money may move, in milliseconds. */
export const STEP_BUDGET_MS = 5000;
const SHIP_ATTEMPTS = 3;
/**
 * How long one attempt to ship may take, in milliseconds: all of them together take less than a shopper waits for, and less
 * than a process has to end in.
 */
export const SHIP_BUDGET_MS = 2000;
const SHIP_PAUSE_MS = 100;

/** The steps that move an order. Each may be repeated: its call carries the order's id and the step as its key. */
export function sagaSteps(deps: StepDeps) {
  const { store, payment, shipping, cart, events } = deps;

  const record = async (order: Order, body: EventBody, work: OutboxTask['kind'][] = []): Promise<Order> => {
    const event: OrderEvent = { ...body, timeMs: deps.now() };
    const traceparent = presentTrace();
    const tasks = work.map((kind) => ({ kind, traceparent }));
    const next = await store.append(order, event, tasks);
    events.orderMoved(next, event);
    return next;
  };

  const charge = async (order: Order, drive: Drive): Promise<Order> => {
    const { orderId, total } = order.purchase;
    const idempotencyKey = `${orderId}:charge`;
    if (drive.card !== undefined) {
      const { card } = drive;
      const outcome = await within(drive, (call) => payment.charge({ amount: total, card, idempotencyKey }, call));
      if (outcome.kind === 'charged')
        return await record(order, { type: 'charged', transactionId: outcome.transactionId });
      if (outcome.kind === 'declined') return await record(order, { type: 'rejected', reason: outcome.reason });
      events.stepUnanswered(order, 'charge', outcome.cause);
    }
    const found = await within(drive, (call) => payment.findCharge(idempotencyKey, call));
    // A shopper who was told that the order is moving is told that it failed.
    const tell: OutboxTask['kind'][] = found.kind === 'never' && drive.card === undefined ? ['send-cancellation'] : [];
    return await record(order, afterFoundCharge(found), tell);
  };

  const ship = async (order: Order, drive: Drive): Promise<Order> => {
    // A drive before this one may have asked already, and never have heard what became of it.
    let uncertain = drive.card === undefined;
    for (let attempt = 1; attempt <= SHIP_ATTEMPTS; attempt += 1) {
      if (attempt > 1) await deps.pause(SHIP_PAUSE_MS * attempt);
      const outcome = await within(drive, (call) => askToShip(order, call), SHIP_BUDGET_MS);
      if (outcome.kind === 'shipped') return await record(order, { type: 'shipped', trackingId: outcome.trackingId });
      if (outcome.kind === 'refused') {
        const reason = 'SHIPPING_REFUSED';
        return await record(order, { type: 'refund-started', reason, shipmentUncertain: uncertain });
      }
      uncertain = true;
      events.stepUnanswered(order, 'ship', outcome.cause);
    }
    const reason = 'SHIPPING_UNAVAILABLE';
    return await record(order, { type: 'refund-started', reason, shipmentUncertain: uncertain });
  };

  const askToShip = (order: Order, call: CallContext): Promise<ShipOutcome> => {
    const { orderId, address, lines } = order.purchase;
    return shipping.ship({ address, goods: lines, idempotencyKey: `${orderId}:ship` }, call);
  };

  const confirm = async (order: Order, drive: Drive): Promise<Order> => {
    const { userId, cartVersion } = order.purchase;
    const work: OutboxTask['kind'][] = ['send-confirmation'];
    try {
      await within(drive, (call) => cart.emptyCart(userId, cartVersion, call));
    } catch (error) {
      // The goods are on their way: a cart that is still full is no reason to hold the order up.
      events.stepUnanswered(order, 'empty-cart', error);
      work.push('empty-cart');
    }
    return await record(order, { type: 'confirmed' }, work);
  };

  const giveMoneyBack = async (order: Order, drive: Drive): Promise<Order> => {
    const { transactionId } = order;
    if (transactionId === undefined) throw new Error('a refund without a transaction');
    const { orderId, total } = order.purchase;
    const request = { transactionId, amount: total, idempotencyKey: `${orderId}:refund` };
    const refundId = await within(drive, (call) => payment.refund(request, call));
    return await record(order, { type: 'refunded', refundId }, ['send-cancellation']);
  };

  const callShipmentBack = async (order: Order, drive: Drive): Promise<Order> => {
    await within(drive, (call) => shipping.cancel(`${order.purchase.orderId}:ship`, call));
    return await record(order, { type: 'shipment-cancelled' });
  };

  // The money first; but neither waits for the other, which may take for ever. What fails stays open and is tried again.
  const compensate = async (order: Order, drive: Drive): Promise<Order> => {
    let current = order;
    const failures: unknown[] = [];
    const attempt = async (step: typeof giveMoneyBack): Promise<void> => {
      try {
        current = await step(current, drive);
      } catch (error) {
        failures.push(error);
      }
    };
    if (order.open.refund) await attempt(giveMoneyBack);
    if (order.open.shipment) await attempt(callShipmentBack);
    if (failures.length > 0) throw failures[0];
    return current;
  };

  return { charge, ship, confirm, compensate };
}

// Once money may move, a step no longer ends because the shopper hung up: it has a budget of its own.
async function within<T>(drive: Drive, work: (call: CallContext) => Promise<T>, budgetMs = STEP_BUDGET_MS): Promise<T> {
  using call = beginCall({ budgetMs, requestId: drive.requestId });
  return await work(call);
}

function afterFoundCharge(found: FoundCharge): EventBody {
  switch (found.kind) {
    case 'charged':
      return { type: 'charged', transactionId: found.transactionId };
    case 'never':
      return { type: 'rejected', reason: 'PAYMENT_UNAVAILABLE' };
    case 'unknowable':
      return { type: 'needs-person', reason: 'PAYMENT_UNKNOWN' };
  }
}
