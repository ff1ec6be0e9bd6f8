import { encodeJson } from '../../lib/store/json-codec.ts';
import { nextStep, type Order } from '../order/order.ts';
import type { OutboxTask } from './order-store.ts';
import { type OrderRow, openOrder, type StoredPurchase, type UserKey } from './personal-data.ts';

/** The columns of {@link StoredRow}, from `order_rows LEFT JOIN user_keys USING (user_id)`. */
export const ROW_COLUMNS = 'order_rows.purchase, order_rows.progress, user_keys.key_id, user_keys.secret';

/** The columns of a row of `order_rows` from which the order is read. */
export type ProjectedRow = { readonly purchase: StoredPurchase; readonly progress: Omit<OrderRow, 'purchase'> };

/** An order and the key of its user, as they are selected. */
export type StoredRow = KeyRow & ProjectedRow;

/** The key of a user, or none. */
export type KeyRow = { readonly key_id: string; readonly secret: string } | { readonly key_id: null };

export function keyOf(row: KeyRow): UserKey | undefined {
  return row.key_id === null ? undefined : { keyId: row.key_id, secret: row.secret };
}

export function projected({ purchase, progress }: ProjectedRow): OrderRow {
  return { ...progress, purchase };
}

export function orderOf(row: StoredRow): Order {
  return openOrder(projected(row), keyOf(row));
}

/** The columns of `order_rows` that change with each event. */
export function progressOf(order: OrderRow | Order) {
  const { version, state, needsIntervention } = order;
  const isMoving = nextStep(order) !== undefined;
  const progress = { ...order, purchase: undefined };
  return { version, state, is_moving: isMoving, needs_intervention: needsIntervention, progress };
}

/** The values of {@link progressOf} in the order of {@link PROGRESS_COLUMNS}. */
export function progressValues(order: OrderRow | Order): readonly unknown[] {
  const { progress, ...others } = progressOf(order);
  return [...Object.values(others), encodeJson(progress)];
}

export const PROGRESS_COLUMNS = 'version, state, is_moving, needs_intervention, progress';

/** The columns of {@link TaskRow}, from `outbox_tasks AS task`. */
export const TASK_COLUMNS =
  'task.task_id AS "taskId", task.order_id AS "orderId", task.kind, task.tries, task.traceparent';

export type TaskRow = Omit<OutboxTask, 'traceparent'> & { readonly traceparent: string | null };

export function taskOf({ traceparent, ...task }: TaskRow): OutboxTask {
  return traceparent === null ? task : { ...task, traceparent };
}
