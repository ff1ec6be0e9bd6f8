import { decodeJson, encodeJson } from '../../lib/store/json-codec.ts';
import { evolve, isFinal, type OrderEvent, placedOrder } from '../order/order.ts';
import type { Erasure } from './order-store.ts';
import { type OrderRow, openOrder, openPurchase, type StoredEvent, type StoredPurchase } from './personal-data.ts';

/** The row of a new order. */
export function firstRow(purchase: StoredPurchase, timeMs: number): OrderRow {
  return { ...placedOrder(openPurchase(purchase, undefined), timeMs), purchase };
}

/**
 * The row after one more event.
 *
 * @throws {Error} when the event cannot happen to this order
 */
export function nextRow(row: OrderRow, event: OrderEvent): OrderRow {
  return { ...evolve(openOrder(row, undefined), event), purchase: row.purchase };
}

/**
 * The row that results from the events of an order, oldest first. Equal to the stored one byte for byte, because each
 * step starts from the stored form of the row, as an append does.
 *
 * @throws {Error} when the first event is not `placed`
 */
export function rowOf([first, ...rest]: readonly StoredEvent[]): OrderRow {
  if (first?.type !== 'placed') throw new Error('an order without its first event');
  let row = firstRow(first.purchase, first.timeMs);
  for (const event of rest) {
    if (event.type === 'placed') throw new Error('an order that was placed twice');
    row = nextRow(asStored(row), event);
  }
  return row;
}

/** The row as it would be read after it was stored. Its purchase was read from the store, so it is in that form already. */
function asStored(row: OrderRow): OrderRow {
  const { purchase } = row;
  // Null keeps the place of the property in the encoded row.
  return { ...decodeJson<OrderRow>(encodeJson({ ...row, purchase: null })), purchase };
}

/** The rows of a user that an erasure changes, and its result. There are no rows when it is impossible. */
export function planErasure(rows: readonly OrderRow[]): {
  readonly rows: readonly OrderRow[];
  readonly result: Erasure;
} {
  if (rows.length === 0) return { rows, result: { kind: 'unknown-user' } };
  const idsOf = (some: readonly OrderRow[]): string[] => some.map(({ purchase }) => purchase.orderId);
  const unfinished = rows.filter((row) => !isFinal(row));
  if (unfinished.length > 0) return { rows: [], result: { kind: 'unfinished', orderIds: idsOf(unfinished) } };
  const readable = rows.filter(({ isErased }) => isErased !== true);
  return { rows: readable, result: { kind: 'erased', orderIds: idsOf(readable) } };
}
