import type { Order } from '../order/order.ts';
import type { OrderStore } from '../store/order-store.ts';

/**
 * Answers an order as it is now; with the store away, as it was last known. It never fails: once a charge may have
 * happened, a failure would tell the caller that nothing did.
 */
export async function presentOrder(store: Pick<OrderStore, 'get'>, lastKnown: Order): Promise<Order> {
  try {
    return (await store.get(lastKnown.purchase.orderId)) ?? lastKnown;
  } catch {
    return lastKnown;
  }
}
