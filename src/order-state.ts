import { OrderState } from './genproto/hipstershop/order.ts';

/** A state of an order, by its name in the contract: PLACED -> PAID -> SHIPPED -> CONFIRMED; on failure REFUNDING -> REJECTED. */
export type OrderStateName = Exclude<keyof typeof OrderState, 'UNRECOGNIZED' | 'UNSPECIFIED'>;

/** Everything that can happen to an order, by its name in the contract. */
export const ORDER_EVENT_TYPES = [
  'placed',
  'charged',
  'shipped',
  'confirmed',
  'rejected',
  'refund-started',
  'earlier-charge-found',
  'shipment-cancelled',
  'refunded',
  'intervention-needed',
  'retry-requested',
  'refund-requested',
  'charge-settled',
  'task-replayed',
  'personal-data-erased',
] as const;

export type OrderEventType = (typeof ORDER_EVENT_TYPES)[number];

const NAMES = new Map(Object.entries(OrderState).map(([name, state]) => [state, name as keyof typeof OrderState]));

/** Returns the name of a state, or `undefined` for an absent state and for one that this version of the contract does not have. */
export function orderStateName(state: OrderState): OrderStateName | undefined {
  const name = NAMES.get(state);
  return name === 'UNRECOGNIZED' || name === 'UNSPECIFIED' ? undefined : name;
}
