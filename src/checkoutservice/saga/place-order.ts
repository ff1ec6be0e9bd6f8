import type { TypedCard } from '../../domain/card.ts';
import { cartKeyOf, cartVersionIn, orderKey } from '../../domain/order-key.ts';
import { DomainError } from '../../lib/errors.ts';
import { type CallContext, remainingMs } from '../../lib/grpc/call-context.ts';
import { presentTrace } from '../../lib/telemetry/propagation.ts';
import type { CheckoutEvents } from '../events.ts';
import type { Order, Purchase, ShippingAddress } from '../order/order.ts';
import type { CartClient, CartToBuy } from '../peers/cart-client.ts';
import type { OrderStore } from '../store/order-store.ts';
import type { Driver } from './driver.ts';
import { presentOrder } from './present-order.ts';
import { type PriceCartDeps, priceCart } from './price-cart.ts';
import type { Run } from './run.ts';

/** PlaceOrder answers this long before its caller's deadline, in milliseconds, with the order as it then is. */
const ANSWER_BEFORE_DEADLINE_MS = 250;

/** A shopper's wish to buy what is in the cart. Validated. */
export type PlaceOrder = {
  readonly userId: string;
  readonly currency: string;
  readonly address: ShippingAddress;
  readonly email: string;
  readonly card: TypedCard;
  readonly idempotencyKey: string | undefined;
};

/** What placing an order needs: the store, the driver, and what it asks its peers. */
export type PlaceOrderDeps = PriceCartDeps & {
  readonly store: Pick<OrderStore, 'create' | 'findByKey' | 'get'>;
  readonly driver: Pick<Driver, 'drive'>;
  readonly cart: Pick<CartClient, 'getCart'>;
  readonly events: CheckoutEvents;
  readonly now: () => number;
  readonly newId: () => string;
};

/**
 * Buys what is in the cart and answers the order, at its end or still moving. The same key answers the same order.
 * Until the order is stored every failure is harmless; from then on the saga owns it, and a failure is a state of it.
 *
 * @throws {DomainError} CART_CHANGED, CART_EMPTY, CART_UNUSABLE, PRODUCT_GONE, SHIPPING_REFUSED, USER_CURRENCY_INVALID,
 *   TOTAL_NOT_PAYABLE; an outage of a peer
 */
export function placeOrder(deps: PlaceOrderDeps): (wish: PlaceOrder, call: CallContext) => Promise<Order> {
  const { store } = deps;
  const knownOrder = async ({ userId, idempotencyKey }: PlaceOrder): Promise<Order | undefined> =>
    idempotencyKey === undefined ? undefined : await store.findByKey(userId, idempotencyKey);

  return async (wish, call) => {
    const known = await knownOrder(wish);
    if (known !== undefined) return await settle(deps, known, { card: undefined, call });
    let made: { readonly order: Order; readonly created: boolean };
    try {
      made = await makeOrder(deps, wish, { ...call, deadlineMs: call.deadlineMs - ANSWER_BEFORE_DEADLINE_MS });
    } catch (error) {
      // A twin of this call may have made the order meanwhile: a failure of this one is then none of the order.
      const twin = await knownOrder(wish);
      if (twin === undefined) throw error;
      return await settle(deps, twin, { card: undefined, call });
    }
    return await settle(deps, made.order, { card: made.created ? wish.card : undefined, call });
  };
}

async function makeOrder(deps: PlaceOrderDeps, wish: PlaceOrder, call: CallContext) {
  const cart = await deps.cart.getCart(wish.userId, call);
  if (cart.lines.length === 0) {
    throw new DomainError('precondition', 'CART_EMPTY', 'the cart is empty: add something before checking out');
  }
  let { idempotencyKey } = wish;
  const meant = idempotencyKey === undefined ? undefined : cartVersionIn(idempotencyKey);
  if (meant !== undefined && cart.version !== undefined && meant !== cart.version) {
    // A button that was shown for another cart: what it said is not what would be charged.
    const message = 'the cart was changed since this form was made: look at it again before checking out';
    throw new DomainError('precondition', 'CART_CHANGED', message);
  }
  if (idempotencyKey === undefined) {
    const derived = await derivedKey(deps, wish.userId, cart);
    if (derived.order !== undefined) return { order: derived.order, created: false };
    idempotencyKey = derived.key;
  }
  const { userId, currency, email, address } = wish;
  const priced = await priceCart(deps, { lines: cart.lines, currency, address }, call);
  const identity = { orderId: deps.newId(), userId, idempotencyKey, cartVersion: cart.version };
  const traceparent = presentTrace();
  const purchase: Purchase = { ...identity, ...priced, email, address, currency, traceparent };
  // Nobody is charged who was told that it failed, or did not wait to be told.
  call.signal.throwIfAborted();
  const made = await deps.store.create(purchase, deps.now());
  if (made.created) deps.events.orderPlaced(made.order);
  return made;
}

// A caller of the original protocol sends no key: the version of the cart is one, and each rejected order allows another.
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

// Only the call that made the order brings its card to the charge: a repeat may come with another one, and must first
// find out what became of the first. From here on nothing fails: the order is stored, and what it has come to is the answer.
async function settle(
  deps: PlaceOrderDeps,
  order: Order,
  { card, call }: { readonly card: TypedCard | undefined; readonly call: CallContext },
): Promise<Order> {
  const { requestId } = call;
  const msUntilAnswer = (): number => remainingMs(call) - ANSWER_BEFORE_DEADLINE_MS;
  const run: Run =
    card === undefined ? { kind: 'resumed', requestId } : { kind: 'first', requestId, card, msUntilAnswer };
  const driven = deps.driver.drive(order, run);
  let timer: NodeJS.Timeout | undefined;
  const waited = new Promise<'waited'>((resolve) => {
    timer = setTimeout(() => resolve('waited'), Math.max(0, msUntilAnswer()));
  });
  try {
    const first = await Promise.race([driven, waited]);
    return first === 'waited' ? await presentOrder(deps.store, order) : first;
  } finally {
    clearTimeout(timer);
  }
}
