import type { CartServiceDefinition } from '../../genproto/hipstershop/cart.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { UpstreamCalls } from '../../lib/grpc/client.ts';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';
import { type CartLimit, isCartLimit } from '../../reasons.ts';

/** The content of a cart. */
export type ShopperCart = {
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
  /** `undefined` when cartservice has no versions, or the cart was never written. */
  readonly version: string | undefined;
};

/** The cart service, as the pages need it. */
export type CartClient = {
  readonly get: (userId: string, call: CallContext) => Promise<ShopperCart>;
  /** Adds to the cart, or returns the limit that forbids it. */
  readonly add: (
    userId: string,
    item: { productId: string; quantity: number },
    call: CallContext,
  ) => Promise<'added' | CartLimit>;
  readonly empty: (userId: string, call: CallContext) => Promise<void>;
};

/** Adapts the cart service. */
export function cartClient(upstream: UpstreamCalls<CartServiceDefinition>): CartClient {
  return {
    get: async (userId, call) => {
      const { items, version } = await upstream.getCart({ userId }, call);
      return { items, version };
    },
    add: async (userId, item, call) => {
      try {
        await upstream.addItem({ userId, item }, call);
        return 'added';
      } catch (error) {
        if (error instanceof UpstreamError && isCartLimit(error.reason)) return error.reason;
        throw error;
      }
    },
    empty: async (userId, call) => {
      await upstream.emptyCart({ userId }, call);
    },
  };
}

/** Pieces in a cart. */
export function piecesIn(cart: ShopperCart): number {
  return cart.items.reduce((pieces, { quantity }) => pieces + quantity, 0);
}
