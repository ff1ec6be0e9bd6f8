import type { TypedCard } from '../../domain/card.ts';
import { type Money, toDecimal } from '../../domain/money.ts';
import { cartKeyOf, cartVersionIn, orderKey } from '../../domain/order-key.ts';
import { DomainError } from '../../lib/errors.ts';
import { type CallContext, remainingMs } from '../../lib/grpc/call-context.ts';
import { presentTrace } from '../../lib/telemetry/propagation.ts';
import type { CheckoutEvents } from '../events.ts';
import type { Order, Purchase, ShippingAddress } from '../order/order.ts';
import type { OrderStore } from '../store/order-store.ts';
import type { CartClient, CartToBuy } from '../upstreams/cart-client.ts';
import type { OrderRunner } from './order-runner.ts';
import { presentOrder } from './present-order.ts';
import { type PriceCartDeps, priceCart } from './price-cart.ts';
import type { Run } from './run.ts';

/** PlaceOrder returns this many milliseconds before its caller's deadline, with the current state of the order. */
const RESPONSE_MARGIN_MS = 250;

/** The validated command to buy the content of a cart. */
export type PlaceOrder = {
  readonly userId: string;
  readonly currency: string;
  readonly address: ShippingAddress;
  readonly email: string;
  readonly card: TypedCard;
  readonly idempotencyKey: string | undefined;
  /** The total that the shopper agreed to; `undefined` when the caller does not say. */
  readonly expectedTotal: Money | undefined;
};

export type PlaceOrderDeps = PriceCartDeps & {
  readonly store: Pick<OrderStore, 'create' | 'findByKey' | 'get'>;
  readonly runner: Pick<OrderRunner, 'run'>;
  readonly cart: Pick<CartClient, 'getCart'>;
  readonly events: CheckoutEvents;
  readonly now: () => number;
  readonly newId: () => string;
};

/**
 * Buys the content of the cart and returns the order, in a final state or in progress. The same key returns the same
 * order. A failure before the order is stored has no effect; a later one is a state of the order.
 *
 * @throws {DomainError} CART_CHANGED, CART_EMPTY, CART_UNUSABLE, PRODUCT_GONE, SHIPPING_REFUSED, USER_CURRENCY_INVALID,
 *   TOTAL_CHANGED, TOTAL_NOT_PAYABLE; an outage of an upstream or of the store
 */
export function placeOrder(deps: PlaceOrderDeps): (command: PlaceOrder, call: CallContext) => Promise<Order> {
  const { store } = deps;
  const knownOrder = async ({ userId, idempotencyKey }: PlaceOrder): Promise<Order | undefined> =>
    idempotencyKey === undefined ? undefined : await store.findByKey(userId, idempotencyKey);

  return async (command, call) => {
    const known = await knownOrder(command);
    if (known !== undefined) return await settle(deps, known, { card: undefined, call });
    let made: { readonly order: Order; readonly created: boolean };
    try {
      made = await makeOrder(deps, command, { ...call, deadlineMs: readsDeadlineMs(call) });
    } catch (error) {
      // A concurrent duplicate of this call may have created the order: return that order instead of this error.
      const duplicate = await knownOrder(command);
      if (duplicate === undefined) throw error;
      return await settle(deps, duplicate, { card: undefined, call });
    }
    return await settle(deps, made.order, { card: made.created ? command.card : undefined, call });
  };
}

// The reads before the order is stored may take half of the time. When an upstream hangs, the caller then has the other half
// to say that nothing was charged.
function readsDeadlineMs(call: CallContext): number {
  return call.deadlineMs - Math.max(RESPONSE_MARGIN_MS, remainingMs(call) / 2);
}

async function makeOrder(deps: PlaceOrderDeps, command: PlaceOrder, call: CallContext) {
  const cart = await deps.cart.getCart(command.userId, call);
  if (cart.lines.length === 0) {
    throw new DomainError('precondition', 'CART_EMPTY', 'the cart is empty: add something before checking out');
  }
  let { idempotencyKey } = command;
  const keyVersion = idempotencyKey === undefined ? undefined : cartVersionIn(idempotencyKey);
  if (keyVersion !== undefined && cart.version !== undefined && keyVersion !== cart.version) {
    // The form was rendered for another version of the cart: its total is not what would be charged.
    const message = 'the cart has changed since this form was rendered: review it before checking out';
    throw new DomainError('precondition', 'CART_CHANGED', message);
  }
  if (idempotencyKey === undefined) {
    const derived = await derivedKey(deps, command.userId, cart);
    if (derived.order !== undefined) return { order: derived.order, created: false };
    idempotencyKey = derived.key;
  }
  const { userId, currency, email, address } = command;
  const priced = await priceCart(deps, { lines: cart.lines, currency, address }, call);
  if (command.expectedTotal !== undefined) requireTotal(command.expectedTotal, priced.total);
  const identity = { orderId: deps.newId(), userId, idempotencyKey, cartVersion: cart.version };
  const traceparent = presentTrace();
  const purchase: Purchase = { ...identity, ...priced, email, address, currency, traceparent };
  // Last cancellation point: past this line the order is durable, so do not create it for a caller that has gone.
  call.signal.throwIfAborted();
  const made = await deps.store.create(purchase, deps.now());
  if (made.created) deps.events.orderPlaced(made.order);
  return made;
}

function requireTotal(expected: Money, total: Money): void {
  if (expected.currency === total.currency && expected.nanos === total.nanos) return;
  const message = 'the total is not the expected one: show it before checking out';
  const metadata = { currency: total.currency, total: toDecimal(total) };
  throw new DomainError('precondition', 'TOTAL_CHANGED', message, { metadata });
}

// A caller of the original protocol sends no key. The key then derives from the version of the cart and a number; each
// rejected order allows the next number.
async function derivedKey(
  deps: PlaceOrderDeps,
  userId: string,
  cart: CartToBuy,
): Promise<{ readonly key: string; readonly order?: Order }> {
  if (cart.version === undefined) return { key: `once:${deps.newId()}` };
  for (let attempt = 1; ; attempt += 1) {
    const key = orderKey({ cartKey: cartKeyOf(cart.version), attempt });
    const order = await deps.store.findByKey(userId, key);
    if (order === undefined) return { key };
    if (order.state !== 'REJECTED') return { key, order };
  }
}

// Only the call that created the order charges its card: a repeat may have another card, and must look up first what
// happened to the first one. From here on nothing throws: the order is stored, and its state is the response.
async function settle(
  deps: PlaceOrderDeps,
  order: Order,
  { card, call }: { readonly card: TypedCard | undefined; readonly call: CallContext },
): Promise<Order> {
  const { requestId } = call;
  const msUntilResponse = (): number => remainingMs(call) - RESPONSE_MARGIN_MS;
  const run: Run =
    card === undefined ? { kind: 'resumed', requestId } : { kind: 'first', requestId, card, msUntilResponse };
  const running = deps.runner.run(order, run);
  let timer: NodeJS.Timeout | undefined;
  const waited = new Promise<'waited'>((resolve) => {
    timer = setTimeout(() => resolve('waited'), Math.max(0, msUntilResponse()));
  });
  try {
    const first = await Promise.race([running, waited]);
    return first === 'waited' ? await presentOrder(deps.store, order) : first;
  } finally {
    clearTimeout(timer);
  }
}
