import type { CartServiceDefinition } from '../../genproto/hipstershop/cart.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { UpstreamCalls } from '../../lib/grpc/client.ts';

/** The content of a cart. */
export type CartToBuy = {
  readonly lines: readonly { readonly productId: string; readonly quantity: number }[];
  /** `undefined` when the cart service has no versions, or the cart was never written. */
  readonly version: string | undefined;
};

/** What checkout needs of the cart service. */
export type CartClient = {
  readonly getCart: (userId: string, call: CallContext) => Promise<CartToBuy>;
  /** Empties the cart if it still has this version; unconditionally when `version` is `undefined`. */
  readonly emptyCart: (userId: string, version: string | undefined, call: CallContext) => Promise<void>;
};

export function cartClient(upstream: UpstreamCalls<CartServiceDefinition>): CartClient {
  return {
    getCart: async (userId, call) => {
      const { items, version } = await upstream.getCart({ userId }, call);
      return { lines: items, version };
    },
    emptyCart: async (userId, ifVersion, call) => {
      await upstream.emptyCart({ userId, ifVersion }, call);
    },
  };
}
