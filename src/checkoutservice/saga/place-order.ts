import type { CreditCardInfo } from '../../genproto/hipstershop/payment.ts';
import { DomainError } from '../../lib/errors.ts';
import { type CallContext, remainingMs } from '../../lib/grpc/call-context.ts';
import { fromWire, type Money } from '../../lib/money.ts';
import type { CheckoutEvents } from '../events.ts';
import type { Order, Purchase, ShippingAddress } from '../order/order.ts';
import { priceOrder, type UnpricedLine } from '../order/pricing.ts';
import type { CartClient, CartToBuy } from '../peers/cart-client.ts';
import type { CatalogueClient } from '../peers/catalogue-client.ts';
import type { CurrencyClient } from '../peers/currency-client.ts';
import type { ShippingClient } from '../peers/shipping-client.ts';
import type { OrderStore } from '../store/order-store.ts';
import type { Driver } from './driver.ts';

/** PlaceOrder answers this long before its caller's deadline, in milliseconds, with the order as it then is. */
const ANSWER_BEFORE_DEADLINE_MS = 250;

/** A shopper's wish to buy what is in the cart. Validated. */
export type PlaceOrder = {
  readonly userId: string;
  readonly currency: string;
  readonly address: ShippingAddress;
  readonly email: string;
  readonly card: CreditCardInfo;
  readonly idempotencyKey: string | undefined;
};

export type PlaceOrderDeps = {
  readonly store: OrderStore;
  readonly driver: Driver;
  readonly cart: CartClient;
  readonly catalogue: CatalogueClient;
  readonly currency: CurrencyClient;
  readonly shipping: Pick<ShippingClient, 'quote'>;
  readonly events: CheckoutEvents;
  readonly now: () => number;
  readonly newId: () => string;
};

/**
 * Buys what is in the cart and answers the order, at its end or still moving. The same key answers the same order.
 * Until the order is stored every failure is harmless; from then on the saga owns it, and a failure is a state of it.
 *
 * @throws {DomainError} CART_EMPTY, PRODUCT_GONE, USER_CURRENCY_INVALID
 */
export function placeOrder(deps: PlaceOrderDeps): (wish: PlaceOrder, call: CallContext) => Promise<Order> {
  const { store } = deps;

  const knownOrder = async (wish: PlaceOrder): Promise<Order | undefined> =>
    wish.idempotencyKey === undefined ? undefined : await store.findByKey(wish.userId, wish.idempotencyKey);

  return async (wish, call) => {
    const known = await knownOrder(wish);
    if (known !== undefined) return await settle(deps, known, undefined, call);
    const cart = await deps.cart.getCart(wish.userId, call);
    if (cart.lines.length === 0) {
      // A twin of this call may have bought the cart since.
      const twin = await knownOrder(wish);
      if (twin !== undefined) return await settle(deps, twin, undefined, call);
      throw new DomainError('precondition', 'CART_EMPTY', 'the cart is empty: add something before checking out');
    }
    const priced = await price(deps, wish, cart, call);
    const purchase: Purchase = {
      ...priced,
      orderId: deps.newId(),
      userId: wish.userId,
      idempotencyKey: wish.idempotencyKey ?? (await derivedKey(deps, wish.userId, cart)),
      email: wish.email,
      address: wish.address,
      currency: wish.currency,
      cartVersion: cart.version,
    };
    const { order, created } = await store.create(purchase, deps.now());
    if (created) deps.events.orderPlaced(order);
    return await settle(deps, order, created ? wish.card : undefined, call);
  };
}

async function price(deps: PlaceOrderDeps, wish: PlaceOrder, cart: CartToBuy, call: CallContext) {
  const [products, quote] = await Promise.all([
    deps.catalogue.products(
      cart.lines.map(({ productId }) => productId),
      call,
    ),
    deps.shipping.quote(wish.address, cart.lines, call),
  ]);
  const byId = new Map(products.map((product) => [product.id, product]));
  const found = cart.lines.map(({ productId, quantity }) => {
    const product = byId.get(productId);
    if (product?.priceUsd === undefined) {
      const message = 'a product in the cart is no longer sold: empty the cart and choose again';
      throw new DomainError('precondition', 'PRODUCT_GONE', message, { metadata: { product_id: productId } });
    }
    return { line: { productId, productName: product.name, quantity }, priceUsd: fromWire(product.priceUsd) };
  });
  const amounts = [...found.map(({ priceUsd }) => priceUsd), quote];
  const converted = await deps.currency.convert(amounts, wish.currency, call);
  const lines = found.map(({ line }, index): UnpricedLine => ({ ...line, exactUnitPrice: amountAt(converted, index) }));
  return priceOrder(lines, amountAt(converted, found.length));
}

function amountAt(amounts: readonly Money[], index: number): Money {
  const amount = amounts[index];
  if (amount === undefined) throw new Error(`no amount ${index} of ${amounts.length}`);
  return amount;
}

// A caller of the original protocol sends no key: the version of the cart is one, and each rejected order allows another.
async function derivedKey(deps: PlaceOrderDeps, userId: string, cart: CartToBuy): Promise<string> {
  if (cart.version === undefined) return `once:${deps.newId()}`;
  for (let attempt = 1; ; attempt += 1) {
    const key = `${cart.version}:${attempt}`;
    const order = await deps.store.findByKey(userId, key);
    if (order?.state !== 'REJECTED') return key;
  }
}

// Only the call that made the order brings its card to the charge: a repeat may come with another one, and must first
// find out what became of the first.
async function settle(
  deps: PlaceOrderDeps,
  order: Order,
  card: CreditCardInfo | undefined,
  call: CallContext,
): Promise<Order> {
  const { orderId } = order.purchase;
  const driven = deps.driver.drive(order, { card, requestId: call.requestId }).catch(async (error: unknown) => {
    // The order is stored and stays open: the recovery takes it from here.
    deps.events.driveFailed(order, error);
    return (await deps.store.get(orderId)) ?? order;
  });
  let timer: NodeJS.Timeout | undefined;
  const waited = new Promise<'waited'>((resolve) => {
    timer = setTimeout(() => resolve('waited'), Math.max(0, remainingMs(call) - ANSWER_BEFORE_DEADLINE_MS));
  });
  try {
    const first = await Promise.race([driven, waited]);
    return first === 'waited' ? ((await deps.store.get(orderId)) ?? order) : first;
  } finally {
    clearTimeout(timer);
  }
}
