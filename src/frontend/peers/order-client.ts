import { status } from '@grpc/grpc-js';
import type { CheckoutServiceService, PlaceOrderRequest } from '../../genproto/hipstershop/checkout.ts';
import { type Order, type OrderResult, OrderState } from '../../genproto/hipstershop/order.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { PeerCalls } from '../../lib/grpc/client.ts';
import { withFallback } from '../../lib/grpc/fallback.ts';
import { PeerError } from '../../lib/grpc/peer-error.ts';
import { unusableAnswer } from './unusable-answer.ts';

/** What became of an order. */
export type PlacedOrder =
  | { readonly kind: 'placed'; readonly orderId: string }
  /** Nothing is kept of the shopper's money; the reason says why. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The answer was lost or late: the order may be placed or not. */
  | { readonly kind: 'unanswered'; readonly cause: PeerError };

/** The checkout service, as the pages need it. */
export type OrderClient = {
  readonly place: (request: PlaceOrderRequest, call: CallContext) => Promise<PlacedOrder>;
  /** Answers `undefined` when this user has no such order. */
  readonly find: (userId: string, orderId: string, call: CallContext) => Promise<Order | undefined>;
};

const MAX_REMEMBERED = 1000;

// No standard code: what the original's payment service sends for a declined card, through a checkout that passes it on.
const ORIGINAL_DECLINE = 400;
const REFUSALS: ReadonlySet<number> = new Set([status.FAILED_PRECONDITION, status.INVALID_ARGUMENT, ORIGINAL_DECLINE]);

/**
 * Adapts the checkout service. Orders of a peer that keeps none, as the original does, are remembered here for the order
 * page: the last thousand, in memory.
 *
 * @param now milliseconds since 1970
 */
export function orderClient(peer: PeerCalls<CheckoutServiceService>, now: () => number): OrderClient {
  const remembered = new Map<string, Order>();
  const remember = (userId: string, order: OrderResult, currencyCode: string): void => {
    remembered.set(rememberedKey(userId, order.orderId), confirmed(order, currencyCode));
    const [oldest] = remembered.keys();
    if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  };
  const getOrder = withFallback(
    now,
    async (userId: string, orderId: string, call: CallContext): Promise<Order | undefined> =>
      await peer.getOrder({ userId, orderId }, call),
    async () => undefined,
  );
  return {
    place: async (request, call) => {
      try {
        const { order, state } = await peer.placeOrder(request, call);
        if (order === undefined || order.orderId === '') {
          throw unusableAnswer({ peer: 'checkoutservice', rpc: 'PlaceOrder' }, 'no order');
        }
        if (state === undefined) remember(request.userId, order, request.userCurrency);
        return { kind: 'placed', orderId: order.orderId };
      } catch (error) {
        return outcomeOf(error);
      }
    },
    find: async (userId, orderId, call) => {
      const known = remembered.get(rememberedKey(userId, orderId));
      if (known !== undefined) return known;
      try {
        return await getOrder(userId, orderId, call);
      } catch (error) {
        if (error instanceof PeerError && (error.code === status.NOT_FOUND || error.code === status.INVALID_ARGUMENT)) {
          return undefined;
        }
        throw error;
      }
    },
  };
}

function outcomeOf(error: unknown): PlacedOrder {
  if (!(error instanceof PeerError)) throw error;
  if (error.isUnanswered) return { kind: 'unanswered', cause: error };
  if (!REFUSALS.has(error.code)) throw error;
  return { kind: 'refused', reason: error.reason ?? (error.code === ORIGINAL_DECLINE ? 'CARD_DECLINED' : 'UNKNOWN') };
}

// A checkout that says nothing of a state knows one only: done.
function confirmed(result: OrderResult, currencyCode: string): Order {
  return {
    result,
    state: OrderState.CONFIRMED,
    total: undefined,
    placeTime: undefined,
    updateTime: undefined,
    history: [],
    currencyCode,
  };
}

function rememberedKey(userId: string, orderId: string): string {
  return JSON.stringify([userId, orderId]);
}
