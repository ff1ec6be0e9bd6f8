import type { EmbeddedDatabase, Key } from '../../lib/store/embedded-database.ts';
import type { OrderStateName } from '../../order-state.ts';
import { nextStep } from '../order/order.ts';
import { rowOf } from './order-rows.ts';
import { type OrderRow, openOrder, type StoredEvent, type StoredPurchase } from './personal-data.ts';

// Few enough that the shop, which waits for each transaction, does not notice.
const REBUILD_BATCH = 200;

/** Every table that derives from the events of the orders and the number of each order. */
export type OrderProjection = ReturnType<typeof orderProjection>;

/**
 * The projection of the events: one row per order, and the indexes of the rows. Functions that change it run inside of a
 * transaction, the one that stores the events.
 *
 * @param events by order id and number of the event, which starts at 1
 */
export function orderProjection(
  database: Pick<EmbeddedDatabase, 'table' | 'write'>,
  events: ReturnType<typeof database.table<StoredEvent>>,
) {
  const rows = database.table<OrderRow>('orders');
  // By user and number of the order, which grows by one per order of the store.
  const idsByUser = database.table<string>('ids-by-user');
  const idsByCart = database.table<string>('ids-by-cart');
  const unfinished = database.table<{ readonly state: OrderStateName; readonly placedMs: number }>('unfinished');
  const interventions = database.table<true>('interventions');
  // Of the store: `last-order`, `events`, `projected-events`. Of an order: `of` and its id.
  const numbers = database.table<number>('numbers');

  const numberOf = (orderId: string): number | undefined => numbers.get(['of', orderId]);

  const count = (what: 'events' | 'projected-events'): void => numbers.put([what], (numbers.get([what]) ?? 0) + 1);

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
    if (cartVersion === undefined) return;
    // A rebuild meets older orders of the same cart first, while a newer one may be in use.
    const latest = idsByCart.get([userId, cartVersion]);
    if (latest === undefined || (numberOf(latest) ?? 0) <= number) idsByCart.put([userId, cartVersion], orderId);
  };

  /** Stores an event of an order and the row that results from it. */
  const store = (row: OrderRow, event: StoredEvent): void => {
    const { orderId } = row.purchase;
    if (event.type === 'placed') {
      const orderNumber = (numbers.get(['last-order']) ?? 0) + 1;
      numbers.put(['last-order'], orderNumber);
      numbers.put(['of', orderId], orderNumber);
      index(row, orderNumber);
    }
    events.put([orderId, row.version], event);
    count('events');
    put(row);
    count('projected-events');
  };

  /** Removes the entries that belong to no order. Reads outside of a transaction, because no writer waits for that. */
  const removeStale = async (): Promise<void> => {
    type Placed = Pick<StoredPurchase, 'userId' | 'cartVersion'>;
    const known = new Map<string, Placed | undefined>();
    /** What the first event of an order says, which the index entries of the order must match. */
    const placed = (orderId: string): Placed | undefined => {
      if (known.has(orderId)) return known.get(orderId);
      const first = events.get([orderId, 1]);
      const purchase = first?.type === 'placed' ? first.purchase : undefined;
      known.set(orderId, purchase && { userId: purchase.userId, cartVersion: purchase.cartVersion });
      return purchase;
    };
    const byId = [rows, unfinished, interventions].map(
      (table) => [table, table.keys().filter(([orderId]) => placed(String(orderId)) === undefined)] as const,
    );
    const ofUsers = idsByUser
      .entries()
      .filter(({ key: [userId, number], value }) => placed(value)?.userId !== userId || numberOf(value) !== number);
    const ofCarts = idsByCart.entries().filter(({ key: [userId, cartVersion], value }) => {
      const purchase = placed(value);
      return purchase?.userId !== userId || purchase?.cartVersion !== cartVersion;
    });
    await database.write(() => {
      for (const [table, keys] of byId) for (const key of keys) table.remove(key);
      for (const { key } of ofUsers) idsByUser.remove(key);
      for (const { key } of ofCarts) idsByCart.remove(key);
    });
  };

  /** @param onRebuilt runs inside of the last transaction, with the number of orders */
  const rebuild = async (onRebuilt: (orders: number) => void): Promise<number> => {
    await removeStale();
    const orders = numbers.entries(['of']).sort((one, other) => one.value - other.value);
    for (let start = 0; start < orders.length; start += REBUILD_BATCH) {
      await database.write(() => {
        for (const { key, value: number } of orders.slice(start, start + REBUILD_BATCH)) {
          const row = rowOf(events.entries(key.slice(1)).map(({ value }) => value));
          put(row);
          index(row, number);
        }
      });
    }
    await database.write(() => {
      numbers.put(['projected-events'], numbers.get(['events']) ?? 0);
      onRebuilt(orders.length);
    });
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
    lag: (): number => (numbers.get(['events']) ?? 0) - (numbers.get(['projected-events']) ?? 0),
  };
}
