import type { Cart } from './cart.ts';

/**
 * Keeps carts. Every change is one atomic step: no concurrent add is lost, and no half-made cart is seen. The order of a
 * cart's lines is not promised.
 */
export type CartStore = {
  /**
   * Adds to the quantity of one product.
   *
   * @throws {DomainError} CART_LINE_FULL or CART_FULL when it goes past a limit; the cart is as before
   */
  readonly add: (userId: string, productId: string, quantity: number) => Promise<void>;
  /** Answers a cart; one that is not there is empty. Keeps it for another 48 hours. */
  readonly get: (userId: string) => Promise<Cart>;
  /** Empties a cart; with a version only while the cart still has it. Answers whether it was emptied. */
  readonly empty: (userId: string, ifVersion: string | undefined) => Promise<boolean>;
  /** Tells, now and with every change, whether the store can do its work. */
  readonly onReady: (listener: (ready: boolean) => void) => void;
  readonly close: () => Promise<void>;
};
