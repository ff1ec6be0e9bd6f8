import { requireId, requireUserId } from '../domain/ids.ts';
import { MAX_ADDED_QUANTITY } from '../domain/limits.ts';
import type { CartServiceDefinition } from '../genproto/hipstershop/cart.ts';
import { requireInteger, requirePresent } from '../lib/fields.ts';
import type { Handlers } from '../lib/grpc/server.ts';
import type { CartStore } from './cart-store.ts';
import type { CartEvents } from './events.ts';

/** The RPCs of the cart service. */
export function cartHandlers(deps: { store: CartStore; events: CartEvents }): Handlers<CartServiceDefinition> {
  const { store, events } = deps;
  return {
    addItem: async (request) => {
      const userId = requireUserId(request.userId);
      const item = requirePresent('item', request.item);
      const productId = requireId('item.product_id', item.productId);
      const quantity = requireInteger('item.quantity', item.quantity, { min: 1, max: MAX_ADDED_QUANTITY });
      await store.add(userId, productId, quantity);
      events.itemAdded({ productId, quantity });
      return {};
    },

    getCart: async (request) => {
      const userId = requireUserId(request.userId);
      const { lines, version } = await store.get(userId);
      return { userId, items: [...lines], version };
    },

    emptyCart: async (request) => {
      const userId = requireUserId(request.userId);
      const ifVersion = request.ifVersion === undefined ? undefined : requireId('if_version', request.ifVersion);
      if (await store.empty(userId, ifVersion)) events.cartEmptied({});
      return {};
    },
  };
}
