import type { Cart } from './cart.ts';

/** The carts of the shop. Every update is atomic: concurrent adds are all counted. The order of a cart's lines is undefined. */
export type CartStore = {
  /**
   * Adds to the quantity of one product.
   *
   * @throws {DomainError} CART_LINE_FULL or CART_FULL past a limit; the cart is unchanged
   */
  readonly add: (userId: string, productId: string, quantity: number) => Promise<void>;
  /** Returns a cart, empty when there is none, and starts its 48 hours again. */
  readonly get: (userId: string) => Promise<Cart>;
  /** Empties a cart; with `ifVersion` only while the cart has that version. Returns whether it was emptied. */
  readonly empty: (userId: string, ifVersion: string | undefined) => Promise<boolean>;
  /** Calls the listener at once and on every change of readiness. */
  readonly onReady: (listener: (ready: boolean) => void) => void;
  readonly close: () => Promise<void>;
};
