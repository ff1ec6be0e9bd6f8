import { MAX_CART_LINES, MAX_LINE_QUANTITY } from '../domain/limits.ts';
import type { Runtime } from '../lib/runtime/runtime.ts';
import { expiringMap } from '../lib/store/expiring-map.ts';
import { CART_TTL_SECONDS, cartFull } from './cart.ts';
import type { CartStore } from './cart-store.ts';

// Past this many carts the least recently used one is evicted: clients choose the user ids, so memory needs a bound.
const MAX_CARTS = 100_000;

type StoredCart = { readonly quantities: ReadonlyMap<string, number>; readonly version: string };

/** Opens carts in the memory of this process, for a shop without Redis. They are lost when the process ends. */
export function openMemoryCartStore(options: Pick<Runtime, 'now' | 'newId'> & { maxCarts?: number }): CartStore {
  const { now, newId, maxCarts = MAX_CARTS } = options;
  const carts = expiringMap<StoredCart>({ now, ttlMs: CART_TTL_SECONDS * 1000, maxEntries: maxCarts });
  return {
    add: async (userId, productId, quantity) => {
      const quantities = new Map(carts.get(userId)?.quantities);
      const total = (quantities.get(productId) ?? 0) + quantity;
      if (total > MAX_LINE_QUANTITY) throw cartFull('line');
      if (!quantities.has(productId) && quantities.size >= MAX_CART_LINES) throw cartFull('lines');
      quantities.set(productId, total);
      carts.set(userId, { quantities, version: newId() });
    },
    get: async (userId) => {
      const cart = carts.get(userId);
      if (cart === undefined) return { lines: [], version: undefined };
      // A read starts the time to live again.
      carts.set(userId, cart);
      return {
        lines: [...cart.quantities].map(([productId, quantity]) => ({ productId, quantity })),
        version: cart.version,
      };
    },
    empty: async (userId, ifVersion) => {
      if (ifVersion !== undefined && carts.get(userId)?.version !== ifVersion) return false;
      carts.set(userId, { quantities: new Map(), version: newId() });
      return true;
    },
    onReady: (listener) => listener(true),
    close: async () => {},
  };
}
