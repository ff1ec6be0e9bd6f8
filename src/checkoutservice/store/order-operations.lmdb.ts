import type { EmbeddedDatabase, Table } from '../../lib/store/embedded-database.ts';
import type { Order } from '../order/order.ts';
import type { OrderProjection } from './order-projection.lmdb.ts';
import { nextRow } from './order-rows.ts';
import type { OrderOperations } from './order-store.ts';
import { type OrderRow, type StoredEvent, type UserKey, withoutUnsealed } from './personal-data.ts';

/** What operators do with the store on LMDB. A rebuild is one transaction: other writers wait for it. */
export function orderOperations(store: {
  readonly database: EmbeddedDatabase;
  readonly events: Table<StoredEvent>;
  readonly projection: OrderProjection;
  readonly userKeys: Table<UserKey>;
  readonly open: (row: OrderRow) => Order;
}): OrderOperations {
  const { database, events, projection, userKeys, open } = store;

  const removeUnsealed = (row: OrderRow): OrderRow => {
    const key = [row.purchase.orderId, 1];
    const first = events.get(key);
    if (first?.type === 'placed') events.put(key, { ...first, purchase: withoutUnsealed(first.purchase) });
    return { ...row, purchase: withoutUnsealed(row.purchase) };
  };

  return {
    newest: async (limit) =>
      projection.newestIds(limit).flatMap((id) => {
        const row = projection.row(id);
        return row === undefined ? [] : [open(row)];
      }),
    rebuild: async () => await database.write(projection.rebuild),
    erase: async (userId, operator, timeMs) =>
      await database.write(() => {
        const rows = (projection.idsOfUser(userId) ?? []).flatMap((id) => projection.row(id) ?? []);
        if (rows.length === 0) return { kind: 'unknown-user' };
        const idsOf = (some: readonly OrderRow[]) => some.map(({ purchase }) => purchase.orderId);
        const unfinished = rows.filter(({ state }) => state !== 'CONFIRMED' && state !== 'REJECTED');
        if (unfinished.length > 0) return { kind: 'unfinished', orderIds: idsOf(unfinished) };
        const readable = rows.filter(({ isErased }) => isErased !== true);
        for (const row of readable) {
          const event = { type: 'personal-data-erased', ...operator, timeMs } as const;
          projection.store(nextRow(removeUnsealed(row), event), event);
        }
        userKeys.remove([userId]);
        return { kind: 'erased', orderIds: idsOf(readable) };
      }),
  };
}
