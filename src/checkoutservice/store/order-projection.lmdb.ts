import type { EmbeddedDatabase, Key } from '../../lib/store/embedded-database.ts';
import type { OrderStateName } from '../../order-state.ts';
import { nextStep } from '../order/order.ts';
import { rowOf } from './order-rows.ts';
import { type OrderRow, openOrder, type StoredEvent } from './personal-data.ts';

/** Every table that derives from the events of the orders and the number of each order. */
export type OrderProjection = ReturnType<typeof orderProjection>;

/**
 * The projection of the events: one row per order, and the indexes of the rows. Functions that change it run inside of a
 * transaction, the one that stores the events.
 *
 * @param events by order id and number of the event, which starts at 1
 */
export function orderProjection(
  database: Pick<EmbeddedDatabase, 'table'>,
  events: ReturnType<typeof database.table<StoredEvent>>,
) {
  const rows = database.table<OrderRow>('orders');
  // By user and number of the order, which grows by one per order of the store.
  const idsByUser = database.table<string>('ids-by-user');
  const idsByCart = database.table<string>('ids-by-cart');
  const unfinished = database.table<{ readonly state: OrderStateName; readonly placedMs: number }>('unfinished');
  const interventions = database.table<true>('interventions');
  // Of the store: `last-order`, `last-event`, `last-projected`. Of an order: `of` and its id.
  const numbers = database.table<number>('numbers');

  const put = (row: OrderRow): void => {
    const key = [row.purchase.orderId];
    rows.put(key, row);
    if (nextStep(openOrder(row, undefined)) === undefined) unfinished.remove(key);
    else unfinished.put(key, { state: row.state, placedMs: row.history[0]?.timeMs ?? 0 });
    if (row.needsIntervention) interventions.put(key, true);
    else interventions.remove(key);
  };

  const index = ({ purchase: { orderId, userId, cartVersion } }: OrderRow, number: number): void => {
    idsByUser.put([userId, number], orderId);
    if (cartVersion !== undefined) idsByCart.put([userId, cartVersion], orderId);
  };

  const numberOf = (orderId: string): number | undefined => numbers.get(['of', orderId]);

  /** Stores an event of an order and the row that results from it. */
  const store = (row: OrderRow, event: StoredEvent): void => {
    const { orderId } = row.purchase;
    const eventNumber = (numbers.get(['last-event']) ?? 0) + 1;
    if (event.type === 'placed') {
      const orderNumber = (numbers.get(['last-order']) ?? 0) + 1;
      numbers.put(['last-order'], orderNumber);
      numbers.put(['of', orderId], orderNumber);
      index(row, orderNumber);
    }
    events.put([orderId, row.version], event);
    numbers.put(['last-event'], eventNumber);
    put(row);
    numbers.put(['last-projected'], eventNumber);
  };

  const rebuild = (): number => {
    for (const table of [rows, idsByUser, idsByCart, unfinished, interventions]) table.clear();
    const orders = numbers.entries(['of']).sort((one, other) => one.value - other.value);
    let eventCount = 0;
    for (const { key, value: number } of orders) {
      const row = rowOf(events.entries(key.slice(1)).map(({ value }) => value));
      put(row);
      index(row, number);
      eventCount += row.version;
    }
    numbers.put(['last-event'], eventCount);
    numbers.put(['last-projected'], eventCount);
    return orders.length;
  };

  return {
    store,
    put,
    rebuild,
    row: (orderId: string): OrderRow | undefined => rows.get([orderId]),
    ofCart: (userId: string, cartVersion: string): OrderRow | undefined => {
      const id = idsByCart.get([userId, cartVersion]);
      return id === undefined ? undefined : rows.get([id]);
    },
    /** The ids of a user's orders, newest first; `undefined` when `afterOrderId` is not an order of this user. */
    idsOfUser: (userId: string, page: { readonly limit?: number; readonly afterOrderId?: string | undefined } = {}) => {
      const { limit, afterOrderId } = page;
      const number = afterOrderId === undefined ? undefined : numberOf(afterOrderId);
      const after: Key | undefined = number === undefined ? undefined : [userId, number];
      if (afterOrderId !== undefined && (after === undefined || idsByUser.get(after) === undefined)) return undefined;
      const range = {
        reverse: true,
        ...(limit === undefined ? {} : { limit }),
        ...(after === undefined ? {} : { after }),
      };
      return idsByUser.entries([userId], range).map(({ value }) => value);
    },
    newestIds: (limit: number): readonly string[] =>
      numbers
        .entries(['of'])
        .sort((one, other) => other.value - one.value)
        .slice(0, limit)
        .map(({ key: [, orderId = ''] }) => String(orderId)),
    unfinished: () =>
      unfinished.entries().map(({ key: [orderId = ''], value }) => ({ orderId: String(orderId), ...value })),
    interventionCount: (): number => interventions.count(),
    lag: (): number => (numbers.get(['last-event']) ?? 0) - (numbers.get(['last-projected']) ?? 0),
  };
}
