import { DomainError } from '../../lib/errors.ts';
import { encodeJson } from '../../lib/store/json-codec.ts';
import type { PostgresDatabase } from '../../lib/store/postgres/postgres-database.ts';
import type { OrderStateName } from '../../order-state.ts';
import { evolve, freesKey, type Order, type Purchase, placedOrder } from '../order/order.ts';
import { orderOperations } from './order-operations.postgres.ts';
import {
  type KeyRow,
  keyOf,
  orderOf,
  PROGRESS_COLUMNS,
  progressValues,
  ROW_COLUMNS,
  type StoredRow,
  TASK_COLUMNS,
  type TaskRow,
  taskOf,
} from './order-rows.postgres.ts';
import { LEASE_MS, type OrderOperations, type OrderStore } from './order-store.ts';
import { newUserKey, openEvent, type StoredEvent, sealPurchase, type UserKey } from './personal-data.ts';

// Places the order unless the shopper's key or the version of the cart has one, or the user's personal data is sealed with
// another key than $1. Locks that key: `erase` deletes it, and must see this order.
const PLACE = `
  WITH known_key AS (SELECT key_id FROM user_keys WHERE user_id = $3 AND key_id = $1 FOR SHARE),
    free AS (
      SELECT true AS is_free
      WHERE NOT EXISTS (SELECT FROM order_keys WHERE user_id = $3 AND idempotency_key = $4)
        AND NOT EXISTS (SELECT FROM order_rows WHERE user_id = $3 AND cart_version = $5 AND state <> 'REJECTED')
    ),
    new_key AS (
      INSERT INTO user_keys (user_id, key_id, secret)
      SELECT $3, $1, $2 FROM free WHERE NOT EXISTS (SELECT FROM known_key)
      ON CONFLICT (user_id) DO NOTHING
      RETURNING key_id
    ),
    placed AS (
      INSERT INTO orders (order_id, lease_owner, lease_until_ms)
      SELECT $6, $7, $8 FROM free, (SELECT FROM known_key UNION ALL SELECT FROM new_key) AS usable_key
      RETURNING order_id, number
    ),
    event AS (INSERT INTO order_events (order_id, number, event) SELECT order_id, 1, $9 FROM placed),
    projected AS (
      INSERT INTO order_rows (order_id, number, user_id, cart_version, placed_ms, purchase, ${PROGRESS_COLUMNS})
      SELECT order_id, number, $3, $5, $10, $11, $12, $13, $14, $15, $16 FROM placed
    ),
    keyed AS (INSERT INTO order_keys (user_id, idempotency_key, order_id) SELECT $3, $4, order_id FROM placed)
  SELECT order_id FROM placed`;

// The order that this purchase is a repeat of, and the key of the user.
const FIND = `
  SELECT ${ROW_COLUMNS}, order_keys.order_id IS NOT NULL AS has_key
  FROM (SELECT $1::text AS user_id) AS asked
    LEFT JOIN user_keys USING (user_id)
    LEFT JOIN order_keys ON order_keys.user_id = $1 AND order_keys.idempotency_key = $2
    LEFT JOIN order_rows ON order_rows.order_id = coalesce(
      order_keys.order_id,
      (SELECT order_id FROM order_rows WHERE user_id = $1 AND cart_version = $3 AND state <> 'REJECTED')
    )`;

const ADD_KEY = `
  INSERT INTO order_keys (user_id, idempotency_key, order_id) VALUES ($1, $2, $3)
  ON CONFLICT (user_id, idempotency_key) DO NOTHING
  RETURNING order_id`;

// Changes nothing when another writer has changed the order.
const APPEND = `
  WITH moved AS (
      UPDATE order_rows SET (${PROGRESS_COLUMNS}) = ($3, $4, $5, $6, $7)
      WHERE order_id = $1 AND version = $2
      RETURNING order_id
    ),
    event AS (INSERT INTO order_events (order_id, number, event) SELECT order_id, $3, $8 FROM moved),
    leased AS (
      UPDATE orders SET lease_until_ms = $9 FROM moved WHERE orders.order_id = moved.order_id AND lease_owner = $10
    ),
    tasks AS (
      INSERT INTO outbox_tasks (order_id, due_at_ms, task_id, kind, traceparent)
      SELECT order_id, $11, task.* FROM moved, unnest($12::text[], $13::text[], $14::text[]) AS task
    ),
    freed AS (DELETE FROM order_keys USING moved WHERE order_keys.order_id = moved.order_id AND $15)
  SELECT order_id FROM moved`;

// FOR UPDATE reads the row that a concurrent append has just committed.
const CLAIM = `
  WITH claimed AS (
      UPDATE orders SET lease_owner = $2, lease_until_ms = $3 WHERE order_id = $1 AND lease_until_ms <= $4
      RETURNING order_id
    )
  SELECT ${ROW_COLUMNS} FROM claimed JOIN order_rows USING (order_id) LEFT JOIN user_keys USING (user_id)
  FOR UPDATE OF order_rows`;

const RENEW = 'UPDATE orders SET lease_until_ms = $3 WHERE order_id = $1 AND lease_owner = $2';

const RELEASE = `
  UPDATE orders SET lease_owner = NULL, lease_until_ms = 0 WHERE order_id = $1 AND lease_owner = $2`;

const GET = `
  SELECT ${ROW_COLUMNS} FROM order_rows LEFT JOIN user_keys USING (user_id) WHERE order_id = $1`;

const FIND_BY_KEY = `
  SELECT ${ROW_COLUMNS} FROM order_keys JOIN order_rows USING (order_id)
    LEFT JOIN user_keys ON user_keys.user_id = order_rows.user_id
  WHERE order_keys.user_id = $1 AND order_keys.idempotency_key = $2`;

const LIST = `
  SELECT ${ROW_COLUMNS} FROM order_rows LEFT JOIN user_keys USING (user_id) WHERE user_id = $1
  ORDER BY number DESC LIMIT $2`;

// One row without an order when no order follows, and no row when $3 is not an order of this user.
const LIST_AFTER = `
  SELECT page.* FROM (SELECT number FROM order_rows WHERE order_id = $3 AND user_id = $1) AS after
    LEFT JOIN LATERAL (
      SELECT ${ROW_COLUMNS} FROM order_rows LEFT JOIN user_keys USING (user_id)
      WHERE user_id = $1 AND order_rows.number < after.number ORDER BY order_rows.number DESC LIMIT $2
    ) AS page ON true`;

const UNFINISHED = `
  SELECT ${ROW_COLUMNS} FROM order_rows JOIN orders USING (order_id) LEFT JOIN user_keys USING (user_id)
  WHERE is_moving AND lease_until_ms <= $1 ORDER BY order_rows.number LIMIT $2`;

const CLAIM_TASKS = `
  WITH due AS (
      SELECT task_id FROM outbox_tasks WHERE NOT is_dead_lettered AND due_at_ms <= $1
      ORDER BY due_at_ms, task_id LIMIT $2 FOR UPDATE SKIP LOCKED
    )
  UPDATE outbox_tasks AS task SET due_at_ms = $3 FROM due WHERE task.task_id = due.task_id
  RETURNING ${TASK_COLUMNS}`;

const TASK_DONE = 'DELETE FROM outbox_tasks WHERE task_id = $1 AND NOT is_dead_lettered';

const TASK_FAILED = `
  UPDATE outbox_tasks SET tries = tries + 1, due_at_ms = $2 WHERE task_id = $1 AND NOT is_dead_lettered`;

const TASK_DEAD_LETTERED = `
  UPDATE outbox_tasks SET tries = tries + 1, is_dead_lettered = true WHERE task_id = $1 AND NOT is_dead_lettered`;

const BACKLOG = `
  SELECT
    (SELECT coalesce(jsonb_agg(moving), '[]') FROM (
      SELECT state, count(*) AS count, min(placed_ms) AS "oldestPlacedMs" FROM order_rows WHERE is_moving GROUP BY state
    ) AS moving) AS unfinished,
    (SELECT count(*) FROM order_rows WHERE needs_intervention) AS "needIntervention",
    (SELECT count(*) FROM outbox_tasks WHERE NOT is_dead_lettered) AS "tasksWaiting",
    (SELECT count(*) FROM outbox_tasks WHERE is_dead_lettered) AS "tasksDeadLettered"`;

const EVENTS = `
  SELECT event, user_keys.key_id, user_keys.secret
  FROM order_events LEFT JOIN order_rows USING (order_id) LEFT JOIN user_keys USING (user_id)
  WHERE order_id = $1 ORDER BY order_events.number`;

// Only the newest events are compared: the metric is read often.
const LAG = `
  SELECT count(*) AS lag
  FROM (SELECT order_id, number FROM order_events ORDER BY position DESC LIMIT 100) AS newest
    LEFT JOIN order_rows USING (order_id)
  WHERE newest.number > coalesce(order_rows.version, 0)`;

type BacklogRow = {
  readonly unfinished: readonly {
    readonly state: OrderStateName;
    readonly count: number;
    readonly oldestPlacedMs: number;
  }[];
  readonly needIntervention: number;
  readonly tasksWaiting: number;
  readonly tasksDeadLettered: number;
};

type FoundRow = { readonly has_key: boolean } & (StoredRow | (KeyRow & { readonly purchase: null }));

/**
 * Stores orders in PostgreSQL, shared by all replicas of checkoutservice. An event, its tasks, the row that results from it
 * and the lease are one statement.
 *
 * @param options.leaseMs duration of a lease, in milliseconds
 */
export function openPostgresOrderStore(options: {
  readonly database: Pick<PostgresDatabase, 'query' | 'transaction'>;
  readonly newId: () => string;
  readonly leaseMs?: number;
}): OrderStore & OrderOperations {
  const { database, newId, leaseMs = LEASE_MS } = options;
  const { query } = database;
  // Identifies this process among those that use the database.
  const owner = newId();

  /** Places an order, and returns whether it was placed. */
  const place = async (order: Order, userKey: UserKey, timeMs: number): Promise<boolean> => {
    const { purchase } = order;
    const sealed = sealPurchase(purchase, userKey);
    const event: StoredEvent = { type: 'placed', purchase: sealed, timeMs };
    const keys = [userKey.keyId, userKey.secret, purchase.userId, purchase.idempotencyKey, purchase.cartVersion];
    const lease = [purchase.orderId, owner, timeMs + leaseMs];
    const values = [...keys, ...lease, encodeJson(event), timeMs, encodeJson(sealed), ...progressValues(order)];
    return (await query(PLACE, values)).length > 0;
  };

  /** Returns the order that a purchase is a repeat of, if any, and the key of the user. */
  const find = async ({ userId, idempotencyKey, cartVersion }: Purchase) => {
    const [found] = await query<FoundRow>(FIND, [userId, idempotencyKey, cartVersion]);
    const key = found === undefined ? undefined : keyOf(found);
    if (found === undefined || found.purchase === null) return { key, order: undefined };
    const order = orderOf(found);
    const isKeyed =
      found.has_key || (await query(ADD_KEY, [userId, idempotencyKey, order.purchase.orderId])).length > 0;
    return { key, order: isKeyed ? order : undefined };
  };

  const create: OrderStore['create'] = async (purchase, timeMs) => {
    const order = placedOrder(purchase, timeMs);
    // Most shoppers are new, so the first attempt is the only one.
    let userKey = newUserKey();
    for (;;) {
      if (await place(order, userKey, timeMs)) return { order, created: true };
      const known = await find(purchase);
      if (known.order !== undefined) return { order: known.order, created: false };
      userKey = known.key ?? userKey;
    }
  };

  const rowsOf = async (statement: string, ...values: readonly unknown[]): Promise<readonly Order[]> =>
    (await query<StoredRow>(statement, values)).map(orderOf);
  const rowOf = async (statement: string, ...values: readonly unknown[]): Promise<Order | undefined> =>
    (await rowsOf(statement, ...values))[0];

  return {
    create,
    append: async (order, event, tasks) => {
      const next = evolve(order, event);
      const outbox = [tasks.map(() => newId()), tasks.map(({ kind }) => kind), tasks.map((task) => task.traceparent)];
      const lease = [event.timeMs + leaseMs, owner];
      const change = [order.purchase.orderId, order.version, ...progressValues(next), encodeJson(event)];
      const appended = await query(APPEND, [...change, ...lease, event.timeMs, ...outbox, freesKey(next)]);
      if (appended.length > 0) return next;
      throw new DomainError('aborted', 'ORDER_CHANGED', 'another writer changed the order');
    },
    claim: async (orderId, nowMs) => await rowOf(CLAIM, orderId, owner, nowMs + leaseMs, nowMs),
    renew: async (orderId, nowMs) => void (await query(RENEW, [orderId, owner, nowMs + leaseMs])),
    release: async (orderId) => void (await query(RELEASE, [orderId, owner])),
    get: async (orderId) => await rowOf(GET, orderId),
    findByKey: async (userId, key) => await rowOf(FIND_BY_KEY, userId, key),
    list: async (userId, { limit, afterOrderId }) => {
      if (afterOrderId === undefined) return await rowsOf(LIST, userId, limit);
      const rows = await query<StoredRow | { readonly purchase: null }>(LIST_AFTER, [userId, limit, afterOrderId]);
      return rows.length === 0 ? undefined : rows.flatMap((row) => (row.purchase === null ? [] : [orderOf(row)]));
    },
    unfinished: async (nowMs, limit) => await rowsOf(UNFINISHED, nowMs, limit),
    claimDueTasks: async (nowMs, limit) =>
      (await query<TaskRow>(CLAIM_TASKS, [nowMs, limit, nowMs + leaseMs])).map(taskOf),
    taskDone: async (taskId) => void (await query(TASK_DONE, [taskId])),
    taskFailed: async (taskId, retryAtMs) => void (await query(TASK_FAILED, [taskId, retryAtMs])),
    taskDeadLettered: async (taskId) => void (await query(TASK_DEAD_LETTERED, [taskId])),
    backlog: async () => {
      const [row] = await query<BacklogRow>(BACKLOG);
      if (row === undefined) throw new Error('BACKLOG always returns a row');
      return { ...row, unfinished: new Map(row.unfinished.map(({ state, ...moving }) => [state, moving])) };
    },
    events: async (orderId) => {
      const rows = await query<KeyRow & { readonly event: StoredEvent }>(EVENTS, [orderId]);
      return rows.map(({ event, ...key }) => openEvent(event, keyOf(key)));
    },
    projectionLag: async () => {
      const [row] = await query<{ readonly lag: number }>(LAG);
      return row?.lag ?? 0;
    },
    ...orderOperations({ database, newId }),
  };
}
