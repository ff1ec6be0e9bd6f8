import type { TypedCard } from '../../domain/card.ts';
import { beginCall, type CallContext } from '../../lib/grpc/call-context.ts';
import { presentTrace } from '../../lib/telemetry/propagation.ts';
import type { CheckoutEvents } from '../events.ts';
import type { Order, OrderEvent } from '../order/order.ts';
import type { OrderStore, OutboxTask } from '../store/order-store.ts';
import type { CartClient } from '../upstreams/cart-client.ts';
import type { PaymentClient } from '../upstreams/payment-client.ts';
import type { ShippingClient } from '../upstreams/shipping-client.ts';

/**
 * One execution of the steps of an order. The first one belongs to the call that created the order: only it has the card,
 * which is never stored, and no run before it may have charged or shipped.
 */
export type Run = FirstRun | ResumedRun;

export type FirstRun = {
  readonly kind: 'first';
  readonly requestId: string;
  readonly card: TypedCard;
  /** Milliseconds until PlaceOrder returns; 0 or less when it has returned. */
  readonly msUntilResponse: () => number;
};

export type ResumedRun = { readonly kind: 'resumed'; readonly requestId: string };

/** What the steps of the saga need. */
export type StepDeps = {
  readonly store: OrderStore;
  readonly payment: PaymentClient;
  readonly shipping: Pick<ShippingClient, 'ship' | 'cancel'>;
  readonly cart: Pick<CartClient, 'emptyCart'>;
  readonly events: CheckoutEvents;
  readonly now: () => number;
  /** Resolves after this many milliseconds. */
  readonly pause: (ms: number) => Promise<unknown>;
};

export type EventBody = OrderEvent extends infer E ? (E extends OrderEvent ? Omit<E, 'timeMs'> : never) : never;

/** Stores an event of an order together with the outbox tasks that follow from it. */
export type RecordEvent = (order: Order, body: EventBody, tasks?: readonly OutboxTask['kind'][]) => Promise<Order>;

/** Milliseconds that a step may take once a charge may have happened. */
export const STEP_BUDGET_MS = 5000;

export function eventRecorder({ store, events, now }: Pick<StepDeps, 'store' | 'events' | 'now'>): RecordEvent {
  return async (order, body, kinds = []) => {
    const event: OrderEvent = { ...body, timeMs: now() };
    const traceparent = presentTrace();
    const tasks = kinds.map((kind) => ({ kind, traceparent }));
    const next = await store.append(order, event, tasks);
    events.orderStateChanged(next, event);
    return next;
  };
}

/**
 * Makes a call with a new deadline, independent of the caller's: once a charge may have happened, a cancelled PlaceOrder
 * must not stop the step.
 */
export async function withBudget<T>(
  { requestId }: Run,
  work: (call: CallContext) => Promise<T>,
  budgetMs = STEP_BUDGET_MS,
): Promise<T> {
  using call = beginCall({ budgetMs, requestId });
  return await work(call);
}
