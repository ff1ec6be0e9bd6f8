import { toWire } from '../domain/money.ts';
import type { Timestamp } from '../genproto/google/protobuf/timestamp.ts';
import { type OrderResult, OrderState, type Order as WireOrder } from '../genproto/hipstershop/order.ts';
import type { Order } from './order/order.ts';

/** The purchase of an order as a message. */
export function orderResult(order: Order): OrderResult {
  const { orderId, shippingCost, address, lines, total } = order.purchase;
  return {
    orderId,
    shippingTrackingId: order.trackingId ?? '',
    shippingCost: toWire(shippingCost),
    shippingAddress: { ...address },
    items: lines.map(({ productId, quantity, productName, unitPrice }) => ({
      item: { productId, quantity },
      cost: toWire(unitPrice),
      productName,
    })),
    total: toWire(total),
  };
}

/** An order with its history as a message. */
export function wireOrder(order: Order): WireOrder {
  const [first] = order.history;
  const last = order.history.at(-1);
  return {
    result: orderResult(order),
    state: OrderState[order.state],
    total: toWire(order.purchase.total),
    placeTime: timestamp(first?.timeMs ?? 0),
    updateTime: timestamp(last?.timeMs ?? 0),
    history: order.history.map(({ state, timeMs, reason }) => ({
      state: OrderState[state],
      time: timestamp(timeMs),
      reason,
    })),
    currencyCode: order.purchase.currency,
    events: [],
    personalDataErased: order.isErased === true ? true : undefined,
  };
}

/** @param ms milliseconds since 1970 */
export function timestamp(ms: number): Timestamp {
  return { seconds: BigInt(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1_000_000 };
}
