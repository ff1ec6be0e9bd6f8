import { addressLines } from '../../domain/address.ts';
import { type Money, times } from '../../domain/money.ts';
import { orderTotal } from '../../domain/order-total.ts';
import type { Timestamp } from '../../genproto/google/protobuf/timestamp.ts';
import type { Order, OrderItem, OrderResult, OrderState } from '../../genproto/hipstershop/order.ts';
import { type OrderStateName, orderStateName } from '../../order-state.ts';
import { requireAmount, unusableResponse } from './unusable-response.ts';

/** An order as its shopper sees it. All amounts are of one currency. */
export type ShopperOrder = {
  readonly orderId: string;
  readonly state: OrderStateName;
  readonly lines: readonly OrderedLine[];
  readonly shipping: Money;
  readonly total: Money;
  /** `''` until the order is shipped. */
  readonly trackingId: string;
  readonly addressLines: readonly string[];
  /** True when the addresses were erased. */
  readonly isErased: boolean;
  /** True when the shop cancelled the order. */
  readonly isCancelled: boolean;
  /** `undefined` when checkout keeps no times. */
  readonly placedAt: Date | undefined;
  /** Oldest first; empty when checkout keeps no history. */
  readonly history: readonly { readonly state: OrderStateName; readonly at: Date }[];
  /** What happened, oldest first, by its name in the contract or a newer one. Empty in a list of orders. */
  readonly events: readonly { readonly type: string; readonly at: Date }[];
};

/** A line item of an order. */
export type OrderedLine = {
  readonly productId: string;
  /** `undefined` when checkout sends no names, as the original protocol's does. */
  readonly name: string | undefined;
  readonly quantity: number;
  readonly unitPrice: Money;
  readonly total: Money;
};

const SOURCE = { upstream: 'checkoutservice', rpc: 'GetOrder' };

/**
 * Decodes an order of checkoutservice.
 *
 * @throws {UpstreamError} INTERNAL when an amount or a time is absent or malformed, or when the currencies differ
 */
export function decodeOrder(order: Order, result: OrderResult): ShopperOrder {
  const shipping = requireAmount(result.shippingCost, SOURCE);
  const lines = result.items.map((item) => decodeLine(item, shipping.currency));
  // Absent from a checkout of the original protocol.
  const total = order.total ?? result.total;
  return {
    orderId: result.orderId,
    state: shownState(order.state),
    lines,
    shipping,
    total: total === undefined ? orderTotal(lines, shipping) : requireAmount(total, SOURCE, shipping.currency),
    trackingId: result.shippingTrackingId,
    addressLines: result.shippingAddress === undefined ? [] : addressLines(result.shippingAddress),
    isErased: order.personalDataErased ?? false,
    isCancelled: order.history.at(-1)?.reason === 'ORDER_CANCELLED',
    placedAt: order.placeTime === undefined ? undefined : decodeTime(order.placeTime),
    history: order.history.map(({ state, time }) => ({ state: shownState(state), at: decodeTime(time) })),
    events: order.events.map(({ type, time }) => ({ type, at: decodeTime(time) })),
  };
}

// A state that is newer than this code is shown as an order that is still in progress.
function shownState(state: OrderState): OrderStateName {
  return orderStateName(state) ?? 'PLACED';
}

function decodeLine({ item, cost, productName }: OrderItem, currency: string): OrderedLine {
  const { productId = '', quantity = 0 } = item ?? {};
  const unitPrice = requireAmount(cost, SOURCE, currency);
  return { productId, name: productName || undefined, quantity, unitPrice, total: times(unitPrice, quantity) };
}

function decodeTime(timestamp: Timestamp | undefined): Date {
  const time = new Date(Number(timestamp?.seconds ?? 0n) * 1000);
  if (Number.isNaN(time.getTime())) throw unusableResponse(SOURCE, 'a time out of range');
  return time;
}
