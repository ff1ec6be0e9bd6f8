import { status } from '@grpc/grpc-js';
import { type Address, zipCodeOf } from '../../domain/address.ts';
import { fromDecimal, type Money, toWire } from '../../domain/money.ts';
import type {
  CheckoutServiceDefinition,
  ListOrdersResponse,
  PlaceOrderRequest,
} from '../../genproto/hipstershop/checkout.ts';
import { type Order, type OrderResult, OrderState } from '../../genproto/hipstershop/order.ts';
import type { Reason } from '../../lib/error-reason.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { UpstreamCalls } from '../../lib/grpc/client.ts';
import { isUnimplemented, withFallback } from '../../lib/grpc/fallback.ts';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';
import type { ChargeRefusal } from '../../reasons.ts';
import { decodeOrder, type ShopperOrder } from './shopper-order.ts';
import { unusableResponse } from './unusable-response.ts';

/** What a shopper orders: the content of the cart, for this address and card. */
export type OrderToPlace = {
  readonly userId: string;
  readonly currency: string;
  readonly email: string;
  readonly address: Address & { readonly postalCode: string };
  readonly card: {
    readonly number: string;
    readonly cvv: number;
    readonly expirationYear: number;
    readonly expirationMonth: number;
  };
  /** `undefined` leaves the key to checkoutservice. */
  readonly idempotencyKey: string | undefined;
  /** The total that the shopper saw; `undefined` when the form had none. */
  readonly expectedTotal: Money | undefined;
};

/** The outcome of an order, as far as the storefront knows it. */
export type PlacedOrder =
  /** `isOpen` is true while the order may still be rejected. */
  | { readonly kind: 'placed'; readonly orderId: string; readonly isOpen: boolean }
  /**
   * The order was rejected: nothing was charged, or the charge was refunded. `total` is what the order would cost when that
   * is not the expected total.
   */
  | { readonly kind: 'refused'; readonly reason: Reason | 'UNKNOWN'; readonly total?: Money | undefined }
  /** An outage before the charge: no order was stored, and this attempt charged nothing. */
  | { readonly kind: 'not-placed'; readonly cause: UpstreamError }
  /** The response was lost, late or an error after which the card may have been charged. */
  | { readonly kind: 'unknown'; readonly cause: UpstreamError };

/** A page of orders. The token is `''` on the page of the oldest ones. */
export type OrderList = { readonly orders: readonly ShopperOrder[]; readonly nextPageToken: string };

/** The checkout service, as the pages need it. */
export type OrderClient = {
  readonly place: (order: OrderToPlace, call: CallContext) => Promise<PlacedOrder>;
  /** Returns `undefined` when this user has no such order. */
  readonly find: (userId: string, orderId: string, call: CallContext) => Promise<ShopperOrder | undefined>;
  /** Returns the orders of a user, newest first, in pages; `undefined` when the page token is not valid. */
  readonly list: (userId: string, pageToken: string, call: CallContext) => Promise<OrderList | undefined>;
  /**
   * Returns the id of the order that this user placed with this key, and `unknowable` when checkoutservice finds no orders
   * by their keys; `undefined` when there is none.
   */
  readonly idOfKey: (
    userId: string,
    idempotencyKey: string,
    call: CallContext,
  ) => Promise<{ readonly orderId: string } | 'unknowable' | undefined>;
  /**
   * False until checkoutservice has shown that it is Mercato's, by an order state or an ErrorInfo. The original
   * protocol's checkout places an order for an empty cart.
   */
  readonly refusesEmptyCarts: () => boolean;
};

const MAX_REMEMBERED = 1000;
const PAGE_SIZE = 10;

// Not a standard code: Online Boutique's payment service sends it for a declined card, and a checkout may pass it on.
const ORIGINAL_DECLINE = 400;
const REFUSALS: ReadonlySet<number> = new Set([status.FAILED_PRECONDITION, status.INVALID_ARGUMENT, ORIGINAL_DECLINE]);

// Online Boutique's checkout returns INTERNAL for a declined card and quotes its payment service's message.
const ORIGINAL_DECLINES: readonly (readonly [RegExp, ChargeRefusal])[] = [
  [/Credit card info is invalid/, 'CARD_NUMBER_INVALID'],
  [/Only VISA or MasterCard is accepted/, 'CARD_BRAND_NOT_ACCEPTED'],
  [/Your credit card \(ending \d+\) expired on/, 'CARD_EXPIRED'],
];

/**
 * Adapts checkoutservice. Online Boutique's stores no orders: the last thousand are kept in memory for the order page.
 *
 * @param now milliseconds since 1970
 */
export function orderClient(upstream: UpstreamCalls<CheckoutServiceDefinition>, now: () => number): OrderClient {
  const remembered = new Map<string, { readonly userId: string; readonly order: Order }>();
  let isOurs = false;
  const remember = (userId: string, order: OrderResult, currencyCode: string): void => {
    remembered.set(rememberedKey(userId, order.orderId), { userId, order: confirmed(order, currencyCode) });
    const [oldest] = remembered.keys();
    if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  };
  const getOrder = withFallback(
    now,
    async (userId: string, orderId: string, call: CallContext): Promise<Order | undefined> =>
      await upstream.getOrder({ userId, orderId }, call),
    async () => undefined,
  );
  const rememberedOf = (userId: string): Order[] =>
    [...remembered.values()].filter((stored) => stored.userId === userId).map(({ order }) => order);
  const listOrders = withFallback(
    now,
    async (userId: string, pageToken: string, call: CallContext): Promise<ListOrdersResponse> =>
      await upstream.listOrders({ userId, pageSize: PAGE_SIZE, pageToken }, call),
    async (userId) => ({ orders: rememberedOf(userId).toReversed(), nextPageToken: '' }),
  );
  return {
    place: async (toPlace, call) => {
      try {
        const { order, state } = await upstream.placeOrder(requestOf(toPlace), call);
        if (order === undefined || order.orderId === '') {
          throw unusableResponse({ upstream: 'checkoutservice', rpc: 'PlaceOrder' }, 'no order');
        }
        isOurs = state !== undefined;
        if (state === undefined) remember(toPlace.userId, order, toPlace.currency);
        return { kind: 'placed', orderId: order.orderId, isOpen: isOurs && state !== OrderState.CONFIRMED };
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error;
        if (error.sentReason !== undefined) isOurs = true;
        return outcomeOf(error);
      }
    },
    find: async (userId, orderId, call) => {
      const known = remembered.get(rememberedKey(userId, orderId))?.order;
      try {
        const order = known ?? (await getOrder(userId, orderId, call));
        return order?.result === undefined ? undefined : decodeOrder(order, order.result);
      } catch (error) {
        if (
          error instanceof UpstreamError &&
          (error.code === status.NOT_FOUND || error.code === status.INVALID_ARGUMENT)
        ) {
          return undefined;
        }
        throw error;
      }
    },
    idOfKey: async (userId, idempotencyKey, call) => {
      try {
        const { result } = await upstream.getOrder({ userId, orderId: '', idempotencyKey }, call);
        return result && { orderId: result.orderId };
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error;
        if (error.code === status.NOT_FOUND) return undefined;
        // An earlier version requires the id of the order, and the original protocol has no GetOrder.
        if (error.code === status.INVALID_ARGUMENT || isUnimplemented(error)) return 'unknowable';
        throw error;
      }
    },
    list: async (userId, pageToken, call) => {
      try {
        const { orders, nextPageToken } = await listOrders(userId, pageToken, call);
        const decoded = orders.flatMap((order) => (order.result === undefined ? [] : decodeOrder(order, order.result)));
        return { orders: decoded, nextPageToken };
      } catch (error) {
        if (error instanceof UpstreamError && error.code === status.INVALID_ARGUMENT) return undefined;
        throw error;
      }
    },
    refusesEmptyCarts: () => isOurs,
  };
}

function requestOf(order: OrderToPlace): PlaceOrderRequest {
  const { userId, currency, email, address, card, idempotencyKey, expectedTotal } = order;
  return {
    userId,
    userCurrency: currency,
    email,
    address: { ...address, zipCode: zipCodeOf(address.postalCode) },
    creditCard: {
      creditCardNumber: card.number,
      creditCardCvv: card.cvv,
      creditCardExpirationYear: card.expirationYear,
      creditCardExpirationMonth: card.expirationMonth,
    },
    idempotencyKey,
    expectedTotal: expectedTotal && toWire(expectedTotal),
  };
}

function outcomeOf(error: UpstreamError): PlacedOrder {
  if (REFUSALS.has(error.code)) {
    const { currency = '', total = '' } = error.metadata;
    const reason = error.reason ?? (error.code === ORIGINAL_DECLINE ? 'CARD_DECLINED' : 'UNKNOWN');
    return { kind: 'refused', reason, total: reason === 'TOTAL_CHANGED' ? fromDecimal(currency, total) : undefined };
  }
  const decline = originalDecline(error);
  if (decline !== undefined) return { kind: 'refused', reason: decline };
  if (isBeforeCharge(error)) return { kind: 'not-placed', cause: error };
  if (error.isAmbiguous || error.code === status.ABORTED) return { kind: 'unknown', cause: error };
  throw error;
}

function originalDecline({ code, sentReason, details }: UpstreamError): ChargeRefusal | undefined {
  if (code !== status.INTERNAL || sentReason !== undefined) return undefined;
  return ORIGINAL_DECLINES.find(([text]) => text.test(details))?.[1];
}

// Mercato's checkout returns UNAVAILABLE with a reason only when nothing was charged. An UNAVAILABLE without one may come
// from a proxy, a lost connection or Online Boutique's checkout, which returns it after the charge when shipping fails.
function isBeforeCharge(error: UpstreamError): boolean {
  if (error.isUnsent) return true;
  if (error.code !== status.UNAVAILABLE) return error.isOutage && !error.isAmbiguous;
  return error.sentReason !== undefined;
}

// A checkout without order states returns only completed orders.
function confirmed(result: OrderResult, currencyCode: string): Order {
  return {
    result,
    state: OrderState.CONFIRMED,
    total: undefined,
    placeTime: undefined,
    updateTime: undefined,
    history: [],
    currencyCode,
    events: [],
  };
}

function rememberedKey(userId: string, orderId: string): string {
  return JSON.stringify([userId, orderId]);
}
