import type { EmbeddedDatabase, Table } from '../../lib/store/embedded-database.ts';
import type { Order } from '../order/order.ts';
import type { OrderProjection } from './order-projection.lmdb.ts';
import { nextRow, planErasure } from './order-rows.ts';
import type { OrderOperations, StoreEvent } from './order-store.ts';
import type { Outbox } from './outbox.lmdb.ts';
import { type OrderRow, type StoredEvent, type UserKey, withoutUnsealed } from './personal-data.ts';

/** What operators do with the store on LMDB. A rebuild has one transaction per batch, so that the shop keeps running. */
export function orderOperations(store: {
  readonly database: EmbeddedDatabase;
  readonly events: Table<StoredEvent>;
  readonly projection: OrderProjection;
  readonly outbox: Outbox;
  readonly storeEvents: Table<StoreEvent>;
  readonly userKeys: Table<UserKey>;
  readonly open: (row: OrderRow) => Order;
}): OrderOperations {
  const { database, events, projection, outbox, storeEvents, userKeys, open } = store;

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
    deadLetters: async () => outbox.deadLetters(),
    replay: async (taskId, operator, timeMs) =>
      await database.write(() => {
        const task = outbox.takeDeadLetter(taskId);
        const row = task === undefined ? undefined : projection.row(task.orderId);
        if (task === undefined || row === undefined) return undefined;
        const event = { type: 'task-replayed', task: task.kind, ...operator, timeMs } as const;
        projection.store(nextRow(row, event), event);
        const replayed = { ...task, tries: 0, dueAtMs: timeMs };
        outbox.put(replayed);
        return replayed;
      }),
    rebuild: async (operator, timeMs) =>
      await projection.rebuild((orders) =>
        storeEvents.put([storeEvents.count() + 1], { type: 'rows-rebuilt', ...operator, orders, timeMs }),
      ),
    storeEvents: async () => storeEvents.entries().map(({ value }) => value),
    erase: async (userId, operator, timeMs) =>
      await database.write(() => {
        const stored = (projection.idsOfUser(userId) ?? []).flatMap((id) => projection.row(id) ?? []);
        const { rows, result } = planErasure(stored);
        if (result.kind !== 'erased') return result;
        for (const row of rows) {
          const event = { type: 'personal-data-erased', ...operator, timeMs } as const;
          projection.store(nextRow(removeUnsealed(row), event), event);
          outbox.add(row.purchase.orderId, { kind: 'erase-mails' }, timeMs);
        }
        userKeys.remove([userId]);
        return result;
      }),
  };
}
