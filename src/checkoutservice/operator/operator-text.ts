import { addressLines } from '../../domain/address.ts';
import { toDecimal } from '../../domain/money.ts';
import { factsOf } from '../order/event-facts.ts';
import type { Order, OrderEvent } from '../order/order.ts';
import type { OutboxTask, StoreEvent } from '../store/order-store.ts';

/** One line for each order. */
export function orderListLines(orders: readonly Order[]): string[] {
  if (orders.length === 0) return ['no orders'];
  return orders.map((order) => {
    const { orderId, userId, total } = order.purchase;
    const placed = isoTime(order.history[0]?.timeMs ?? 0);
    return `${placed}  ${orderId}  ${stateOf(order)}  ${toDecimal(total)} ${total.currency}  user ${userId}`;
  });
}

/** An order with its personal data and its events, for an operator who helps its shopper. */
export function orderLines(order: Order, events: readonly OrderEvent[]): string[] {
  const { purchase } = order;
  return [
    `order    ${purchase.orderId}`,
    `state    ${stateOf(order)}`,
    `user     ${purchase.userId}`,
    `e-mail   ${order.isErased === true ? '(erased)' : purchase.email}`,
    `address  ${order.isErased === true ? '(erased)' : addressLines(purchase.address).join(', ')}`,
    `total    ${toDecimal(purchase.total)} ${purchase.total.currency}`,
    ...events.map((event, index) => `${String(index + 1).padStart(3)}  ${isoTime(event.timeMs)}  ${eventText(event)}`),
  ];
}

/** One line for each task. */
export function deadLetterLines(tasks: readonly OutboxTask[]): string[] {
  if (tasks.length === 0) return ['no dead-lettered tasks'];
  return tasks.map(({ taskId, kind, orderId, tries }) => `${taskId}  ${kind}  order ${orderId}  ${tries} attempts`);
}

/** One line for each event. */
export function storeEventLines(events: readonly StoreEvent[]): string[] {
  if (events.length === 0) return ['no events of the store'];
  return events.map(
    ({ type, orders, by, why, timeMs }) => `${isoTime(timeMs)}  ${type}  orders=${orders}  by=${by}  why=${why}`,
  );
}

function stateOf({ state, reason, needsIntervention }: Order): string {
  const why = reason === '' ? '' : ` (${reason})`;
  return `${state}${why}${needsIntervention ? ', needs manual intervention' : ''}`;
}

function eventText(event: OrderEvent): string {
  const reason = 'reason' in event ? [`reason=${event.reason}`] : [];
  return [event.type, ...reason, ...factsOf(event).map(({ name, value }) => `${name}=${value}`)].join('  ');
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
