import type { Runtime } from '../lib/runtime.ts';
import { CART_TTL_SECONDS, cartFull, MAX_LINE_QUANTITY, MAX_LINES } from './cart.ts';
import type { CartStore } from './cart-store.ts';

type StoredCart = { quantities: Map<string, number>; version: string; expiresAtMs: number };

/** Keeps carts in the memory of this process: they end with it. The twin of the Redis store for a laptop. */
export function openMemoryCartStore({ now, newId }: Pick<Runtime, 'now' | 'newId'>): CartStore {
  // In the order of use: the first one expires first.
  const carts = new Map<string, StoredCart>();
  const dropExpired = (): void => {
    for (const [userId, cart] of carts) {
      if (cart.expiresAtMs > now()) return;
      carts.delete(userId);
    }
  };
  const keep = (userId: string, cart: Omit<StoredCart, 'expiresAtMs'>): void => {
    carts.delete(userId);
    carts.set(userId, { ...cart, expiresAtMs: now() + CART_TTL_SECONDS * 1000 });
  };
  return {
    add: async (userId, productId, quantity) => {
      dropExpired();
      const quantities = carts.get(userId)?.quantities ?? new Map<string, number>();
      const total = (quantities.get(productId) ?? 0) + quantity;
      if (total > MAX_LINE_QUANTITY) throw cartFull('line');
      if (!quantities.has(productId) && quantities.size >= MAX_LINES) throw cartFull('lines');
      quantities.set(productId, total);
      keep(userId, { quantities, version: newId() });
    },
    get: async (userId) => {
      dropExpired();
      const cart = carts.get(userId);
      if (cart === undefined) return { lines: [], version: undefined };
      keep(userId, cart);
      return {
        lines: [...cart.quantities].map(([productId, quantity]) => ({ productId, quantity })),
        version: cart.version,
      };
    },
    empty: async (userId, ifVersion) => {
      dropExpired();
      if (ifVersion !== undefined && carts.get(userId)?.version !== ifVersion) return false;
      keep(userId, { quantities: new Map(), version: newId() });
      return true;
    },
    onReady: (listener) => listener(true),
    close: async () => {},
  };
}
