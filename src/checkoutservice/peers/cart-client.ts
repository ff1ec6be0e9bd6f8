import type { CartServiceDefinition } from '../../genproto/hipstershop/cart.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { PeerCalls } from '../../lib/grpc/client.ts';

/** What a user means to buy. */
export type CartToBuy = {
  readonly lines: readonly { readonly productId: string; readonly quantity: number }[];
  /** `undefined` when the peer has no versions, or the cart was never written. */
  readonly version: string | undefined;
};

/** The cart service, as checkout needs it. */
export type CartClient = {
  readonly getCart: (userId: string, call: CallContext) => Promise<CartToBuy>;
  /** Empties the cart while it still has the version; without a version, in any case. */
  readonly emptyCart: (userId: string, version: string | undefined, call: CallContext) => Promise<void>;
};

/** Adapts the cart service. */
export function cartClient(peer: PeerCalls<CartServiceDefinition>): CartClient {
  return {
    getCart: async (userId, call) => {
      const { items, version } = await peer.getCart({ userId }, call);
      return { lines: items, version };
    },
    emptyCart: async (userId, ifVersion, call) => {
      await peer.emptyCart({ userId, ifVersion }, call);
    },
  };
}
