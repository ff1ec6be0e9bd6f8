import type { Order, OrderEvent } from '../../src/checkoutservice/order/order.ts';
import { purchaseOf } from '../../src/checkoutservice/store/order-store.contract.ts';
import type { OrderStore } from '../../src/checkoutservice/store/order-store.ts';
import { inParallel } from './orders-in-flight.ts';

const WRITERS = 256;

/** Stores orders that were placed and not charged when a crash ended their process, long ago. */
export async function storeOpenOrders(store: OrderStore, count: number, placedMs: number): Promise<void> {
  await inParallel(numbers(count), WRITERS, async (number) => {
    await store.create(purchaseOf({ orderId: `open-${number}`, userId: `open-${number}` }), placedMs);
  });
}

/** Stores confirmed orders, 20 of each user. */
export async function storeConfirmedOrders(store: OrderStore, count: number, placedMs: number): Promise<void> {
  const events: readonly OrderEvent[] = [
    { type: 'charged', transactionId: 'tx', timeMs: placedMs },
    { type: 'shipped', trackingId: 'track', timeMs: placedMs },
    { type: 'confirmed', timeMs: placedMs },
  ];
  await inParallel(numbers(count), WRITERS, async (number) => {
    const purchase = purchaseOf({ orderId: `stored-${number}`, userId: `user-${number % Math.ceil(count / 20)}` });
    let order: Order = (await store.create(purchase, placedMs)).order;
    for (const event of events) order = await store.append(order, event, []);
    await store.release(purchase.orderId);
  });
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
