import { encodeJson } from '../../lib/store/json-codec.ts';
import type { PostgresDatabase } from '../../lib/store/postgres/postgres-database.ts';
import type { Query } from '../../lib/store/postgres/statements.ts';
import type { Operator, OrderEvent } from '../order/order.ts';
import {
  orderOf,
  PROGRESS_COLUMNS,
  type ProjectedRow,
  progressOf,
  progressValues,
  projected,
  ROW_COLUMNS,
  type StoredRow,
  TASK_COLUMNS,
  type TaskRow,
  taskOf,
} from './order-rows.postgres.ts';
import { nextRow, planErasure, rowOf } from './order-rows.ts';
import type { Erasure, OrderOperations, StoreEvent } from './order-store.ts';
import { type OrderRow, type StoredEvent, withoutUnsealed } from './personal-data.ts';

const BATCH = 500;

const NEWEST = `
  SELECT ${ROW_COLUMNS} FROM order_rows LEFT JOIN user_keys USING (user_id) ORDER BY number DESC LIMIT $1`;

const DELETE_ROWS_WITHOUT_ORDER = `
  DELETE FROM order_rows WHERE NOT EXISTS (SELECT FROM orders WHERE orders.order_id = order_rows.order_id)`;

const NEXT_ORDERS = 'SELECT order_id, number FROM orders WHERE number > $1 ORDER BY number LIMIT $2';

// An append waits for this lock, and the events that are read afterwards include those of earlier appends.
const LOCK_ROWS = 'SELECT order_id FROM order_rows WHERE order_id = ANY ($1) ORDER BY order_id FOR UPDATE';

const EVENTS_OF = 'SELECT order_id, event FROM order_events WHERE order_id = ANY ($1) ORDER BY order_id, number';

const PLACED_COLUMNS = 'number, user_id, cart_version, placed_ms, purchase';
const REBUILT_COLUMNS = `${PLACED_COLUMNS}, ${PROGRESS_COLUMNS}`;
const columnsOf = (source: string): string => `${source}.${REBUILT_COLUMNS.replaceAll(', ', `, ${source}.`)}`;

// In the order of the array: an older order of a cart is rejected before a newer one of that cart may be stored. A row that is
// right is not written.
const REPLACE_ROWS = `
  INSERT INTO order_rows (order_id, ${REBUILT_COLUMNS})
  SELECT order_id, ${REBUILT_COLUMNS} FROM jsonb_populate_recordset(NULL::order_rows, $1)
  ON CONFLICT (order_id) DO UPDATE SET (${REBUILT_COLUMNS}) = (${columnsOf('excluded')})
  WHERE (${columnsOf('order_rows')}) IS DISTINCT FROM (${columnsOf('excluded')})`;

// `create` reads the key of the user and locks it: no order is placed with it until this transaction has ended.
const LOCK_KEY = 'SELECT key_id FROM user_keys WHERE user_id = $1 FOR UPDATE';

const LOCK_ORDERS_OF_USER = `
  SELECT purchase, progress FROM order_rows WHERE user_id = $1 ORDER BY number DESC FOR UPDATE`;

const APPEND = `
  WITH appended AS (INSERT INTO order_events (order_id, number, event) VALUES ($1, $2, $7))
  UPDATE order_rows SET (${PROGRESS_COLUMNS}) = ($2, $3, $4, $5, $6) WHERE order_id = $1`;

const REPLACE_PURCHASE = `
  WITH placed AS (
      UPDATE order_events SET event = jsonb_set(event, '{purchase}', $2) WHERE order_id = $1 AND number = 1
    )
  UPDATE order_rows SET purchase = $2 WHERE order_id = $1`;

const ADD_ERASURE_OF_MAILS = `
  INSERT INTO outbox_tasks (task_id, order_id, kind, due_at_ms) VALUES ($1, $2, 'erase-mails', $3)`;

const DEAD_LETTERS = `SELECT ${TASK_COLUMNS} FROM outbox_tasks AS task WHERE is_dead_lettered ORDER BY task_id`;

const REPLAY = `
  UPDATE outbox_tasks AS task SET is_dead_lettered = false, tries = 0, due_at_ms = $2
  WHERE task_id = $1 AND is_dead_lettered
  RETURNING ${TASK_COLUMNS}`;

const LOCK_ORDER = 'SELECT purchase, progress FROM order_rows WHERE order_id = $1 FOR UPDATE';

const ADD_STORE_EVENT = 'INSERT INTO store_events (event) VALUES ($1)';

const STORE_EVENTS = 'SELECT event FROM store_events ORDER BY number';

/** What operators do with the store on PostgreSQL. A rebuild has one transaction per batch, so that the shop keeps running. */
export function orderOperations(options: {
  readonly database: Pick<PostgresDatabase, 'query' | 'transaction'>;
  readonly newId: () => string;
}): OrderOperations {
  const { database, newId } = options;
  return {
    newest: async (limit) => (await database.query<StoredRow>(NEWEST, [limit])).map(orderOf),
    rebuild: async (operator, timeMs) => {
      await database.transaction(async (query) => await query(DELETE_ROWS_WITHOUT_ORDER));
      let count = 0;
      for (let after = 0; ; ) {
        const batch = await database.transaction(async (query) => {
          const rebuilt = await rebuildBatch(query, after);
          if (rebuilt.count === 0) {
            const event: StoreEvent = { type: 'rows-rebuilt', ...operator, orders: count, timeMs };
            await query(ADD_STORE_EVENT, [encodeJson(event)]);
          }
          return rebuilt;
        });
        if (batch.count === 0) return count;
        count += batch.count;
        after = batch.last;
      }
    },
    storeEvents: async () => (await database.query<{ event: StoreEvent }>(STORE_EVENTS)).map(({ event }) => event),
    deadLetters: async () => (await database.query<TaskRow>(DEAD_LETTERS)).map(taskOf),
    replay: async (taskId, operator, timeMs) =>
      await database.transaction(async (query) => {
        const [task] = (await query<TaskRow>(REPLAY, [taskId, timeMs])).map(taskOf);
        if (task === undefined) return undefined;
        const [row] = (await query<ProjectedRow>(LOCK_ORDER, [task.orderId])).map(projected);
        if (row === undefined) throw new Error(`the task ${taskId} has no order`);
        await append(query, row, { type: 'task-replayed', task: task.kind, ...operator, timeMs });
        return task;
      }),
    erase: async (userId, operator, timeMs) =>
      await database.transaction(async (query) => await erase(query, { userId, operator, timeMs, newId })),
  };
}

async function append(query: Query, row: OrderRow, event: OrderEvent): Promise<void> {
  await query(APPEND, [row.purchase.orderId, ...progressValues(nextRow(row, event)), encodeJson(event)]);
}

/** Computes the rows of the next orders. Returns how many, and the number of the last one. */
async function rebuildBatch(query: Query, after: number): Promise<{ readonly count: number; readonly last: number }> {
  const orders = await query<{ readonly order_id: string; readonly number: number }>(NEXT_ORDERS, [after, BATCH]);
  const ids = orders.map(({ order_id }) => order_id);
  await query(LOCK_ROWS, [ids]);
  const events = new Map<string, StoredEvent[]>(ids.map((id) => [id, []]));
  for (const { order_id, event } of await query<{ order_id: string; event: StoredEvent }>(EVENTS_OF, [ids])) {
    events.get(order_id)?.push(event);
  }
  const rows = orders.map(({ order_id, number }) => {
    const row = rowOf(events.get(order_id) ?? []);
    const { purchase, history } = row;
    const { userId: user_id, cartVersion: cart_version } = purchase;
    return { order_id, number, user_id, cart_version, placed_ms: history[0]?.timeMs, purchase, ...progressOf(row) };
  });
  await query(REPLACE_ROWS, [encodeJson(rows)]);
  return { count: orders.length, last: orders.at(-1)?.number ?? after };
}

async function erase(
  query: Query,
  options: {
    readonly userId: string;
    readonly operator: Operator;
    readonly timeMs: number;
    readonly newId: () => string;
  },
): Promise<Erasure> {
  const { userId, operator, timeMs, newId } = options;
  await query(LOCK_KEY, [userId]);
  const { rows, result } = planErasure((await query<ProjectedRow>(LOCK_ORDERS_OF_USER, [userId])).map(projected));
  if (result.kind !== 'erased') return result;
  for (const row of rows) {
    const { orderId } = row.purchase;
    await append(query, row, { type: 'personal-data-erased', ...operator, timeMs });
    await query(REPLACE_PURCHASE, [orderId, encodeJson(withoutUnsealed(row.purchase))]);
    await query(ADD_ERASURE_OF_MAILS, [newId(), orderId, timeMs]);
  }
  await query('DELETE FROM user_keys WHERE user_id = $1', [userId]);
  return result;
}
