import { MAX_CART_LINES, MAX_LINE_QUANTITY } from '../domain/limits.ts';
import type { Runtime } from '../lib/runtime/runtime.ts';
import { openEmbeddedDatabase } from '../lib/store/embedded-database.ts';
import { CART_TTL_SECONDS, cartFull } from './cart.ts';
import type { CartStore } from './cart-store.ts';

type StoredCart = {
  readonly quantities: readonly (readonly [productId: string, quantity: number])[];
  readonly version: string;
  readonly expiresAtMs: number;
};

const TTL_MS = CART_TTL_SECONDS * 1000;

// A read extends the life of a cart, and writes only when more than this has passed since the last extension.
const EXTEND_AFTER_MS = 60_000;

// Each change of a cart removes up to this many expired carts, so the database does not grow with abandoned ones.
const REMOVED_PER_CHANGE = 4;

/**
 * Opens carts in a database in files of this machine, for a shop without Redis.
 *
 * @throws {ConfigError} when the data cannot be opened
 */
export async function openLmdbCartStore(
  options: Pick<Runtime, 'now' | 'newId' | 'service'> & { readonly dataDirectory: string },
): Promise<CartStore> {
  const { now, newId } = options;
  const database = await openEmbeddedDatabase(options);
  const carts = database.table<StoredCart>('carts');
  // Keys: expiry and user.
  const expiries = database.table<true>('expiries');

  const find = (userId: string): StoredCart | undefined => {
    const cart = carts.get([userId]);
    return cart === undefined || cart.expiresAtMs <= now() ? undefined : cart;
  };

  const remove = (userId: string): void => {
    const cart = carts.get([userId]);
    if (cart === undefined) return;
    carts.remove([userId]);
    expiries.remove([cart.expiresAtMs, userId]);
  };

  const put = (userId: string, cart: Omit<StoredCart, 'expiresAtMs'>): void => {
    const expired = expiries.entries([], { through: [now()], limit: REMOVED_PER_CHANGE });
    for (const { key } of expired) remove(String(key[1]));
    remove(userId);
    const expiresAtMs = now() + TTL_MS;
    carts.put([userId], { ...cart, expiresAtMs });
    expiries.put([expiresAtMs, userId], true);
  };

  return {
    add: async (userId, productId, quantity) =>
      await database.write(() => {
        const quantities = new Map(find(userId)?.quantities);
        const total = (quantities.get(productId) ?? 0) + quantity;
        if (total > MAX_LINE_QUANTITY) throw cartFull('line');
        if (!quantities.has(productId) && quantities.size >= MAX_CART_LINES) throw cartFull('lines');
        quantities.set(productId, total);
        put(userId, { quantities: [...quantities], version: newId() });
      }),
    get: async (userId) => {
      const cart = find(userId);
      if (cart === undefined) return { lines: [], version: undefined };
      if (cart.expiresAtMs < now() + TTL_MS - EXTEND_AFTER_MS) {
        await database.write(() => {
          const latest = find(userId);
          if (latest !== undefined) put(userId, latest);
        });
      }
      return {
        lines: cart.quantities.map(([productId, quantity]) => ({ productId, quantity })),
        version: cart.version,
      };
    },
    empty: async (userId, ifVersion) =>
      await database.write(() => {
        if (ifVersion !== undefined && find(userId)?.version !== ifVersion) return false;
        put(userId, { quantities: [], version: newId() });
        return true;
      }),
    onReady: (listener) => listener(true),
    close: async () => await database[Symbol.asyncDispose](),
  };
}
