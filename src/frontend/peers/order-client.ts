import { status } from '@grpc/grpc-js';
import type { CheckoutServiceService, PlaceOrderRequest } from '../../genproto/hipstershop/checkout.ts';
import { type Order, OrderState } from '../../genproto/hipstershop/order.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { PeerCalls } from '../../lib/grpc/client.ts';
import { isUnimplemented } from '../../lib/grpc/fallback.ts';
import { PeerError } from '../../lib/grpc/peer-error.ts';

/** What became of an order. `refused`: nothing is kept of the shopper's money; the reason says why. */
export type PlacedOrder =
  | { readonly kind: 'placed'; readonly orderId: string }
  | { readonly kind: 'refused'; readonly reason: string; readonly field: string | undefined };

/** The checkout service, as the pages need it. */
export type OrderClient = {
  readonly place: (request: PlaceOrderRequest, call: CallContext) => Promise<PlacedOrder>;
  /** Answers `undefined` when this user has no such order. */
  readonly find: (userId: string, orderId: string, call: CallContext) => Promise<Order | undefined>;
};

const MAX_REMEMBERED = 1000;

// 400 is what the original's payment service sends for a declined card, through a checkout that passes it on.
const REFUSALS: ReadonlySet<number> = new Set([status.FAILED_PRECONDITION, status.INVALID_ARGUMENT, 400]);

/**
 * Adapts the checkout service. Orders of a peer that keeps none, as the original does, are remembered here for the order
 * page: the last thousand, in memory.
 */
export function orderClient(peer: PeerCalls<CheckoutServiceService>): OrderClient {
  const remembered = new Map<string, Order>();
  const remember = (userId: string, order: Order): void => {
    remembered.set(rememberedKey(userId, order.result?.orderId ?? ''), order);
    const [oldest] = remembered.keys();
    if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  };
  return {
    place: async (request, call) => {
      try {
        const { order, state } = await peer.placeOrder(request, call);
        if (order === undefined) throw new Error('an answer without an order');
        if (state === undefined) {
          remember(request.userId, {
            result: order,
            state: OrderState.CONFIRMED,
            total: undefined,
            placeTime: undefined,
            updateTime: undefined,
            history: [],
            currencyCode: request.userCurrency,
          });
        }
        return { kind: 'placed', orderId: order.orderId };
      } catch (error) {
        if (!(error instanceof PeerError) || !REFUSALS.has(error.code)) throw error;
        return { kind: 'refused', reason: error.reason ?? 'CARD_DECLINED', field: error.metadata.field };
      }
    },
    find: async (userId, orderId, call) => {
      const known = remembered.get(rememberedKey(userId, orderId));
      if (known !== undefined) return known;
      try {
        return await peer.getOrder({ userId, orderId }, call);
      } catch (error) {
        if (isUnimplemented(error)) return undefined;
        if (error instanceof PeerError && (error.code === status.NOT_FOUND || error.code === status.INVALID_ARGUMENT)) {
          return undefined;
        }
        throw error;
      }
    },
  };
}

function rememberedKey(userId: string, orderId: string): string {
  return JSON.stringify([userId, orderId]);
}
