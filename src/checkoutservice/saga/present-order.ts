import type { Order } from '../order/order.ts';
import type { OrderStore } from '../store/order-store.ts';

/**
 * Returns the stored order, or the last known one while the store is unavailable. Never fails: after a possible charge, an
 * error would mean to the caller that nothing happened.
 */
export async function presentOrder(store: Pick<OrderStore, 'get'>, lastKnown: Order): Promise<Order> {
  try {
    return (await store.get(lastKnown.purchase.orderId)) ?? lastKnown;
  } catch {
    return lastKnown;
  }
}
