import { type Money, toDecimal } from '../domain/money.ts';
import type { OrderFact, OrderEvent as WireOrderEvent } from '../genproto/hipstershop/order.ts';
import type { OrderEvent, Purchase } from './order/order.ts';
import { timestamp } from './wire.ts';

const MASKED = '***';

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
  return { ...wireEvent(event, index), data: factsOf(event) };
}

/** The data of an event, without its reason. Personal data of the shopper is masked. */
export function factsOf(event: OrderEvent): OrderFact[] {
  const { timeMs: _time, type: _type, ...rest } = event;
  const facts: Readonly<Record<string, string | Money>> = 'purchase' in rest ? purchaseFacts(rest.purchase) : rest;
  return Object.entries(facts)
    .filter(([name]) => name !== 'reason')
    .map(([name, value]) => ({ name, value: textOf(value) }));
}

function purchaseFacts({ userId, email, address, lines, shippingCost, total }: Purchase) {
  const { country } = address;
  return {
    userId,
    email: email === '' ? '' : MASKED,
    address: country === '' ? '' : `${MASKED}, ${country}`,
    lines: lines.map(({ productId, quantity }) => `${quantity} x ${productId}`).join(', '),
    shippingCost,
    total,
  };
}

function textOf(value: string | Money): string {
  return typeof value === 'string' ? value : `${toDecimal(value)} ${value.currency}`;
}
