import type { OrderEvent as WireOrderEvent } from '../genproto/hipstershop/order.ts';
import { factsOf } from './order/event-facts.ts';
import type { OrderEvent } from './order/order.ts';
import { timestamp } from './wire.ts';

/** An event as its shopper may see it: no data, because operators write names and notes into it. */
export function wireEvent(event: OrderEvent, index: number): WireOrderEvent {
  return {
    number: index + 1,
    time: timestamp(event.timeMs),
    type: event.type,
    reason: 'reason' in event ? event.reason : '',
    data: [],
  };
}

/** An event with its data, as operators see it. Personal data of the shopper is masked. */
export function wireEventWithData(event: OrderEvent, index: number): WireOrderEvent {
  return { ...wireEvent(event, index), data: factsOf(event).map((fact) => ({ ...fact })) };
}
