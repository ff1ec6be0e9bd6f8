import { type Money, toDecimal } from '../../domain/money.ts';
import type { OrderEvent, Purchase } from './order.ts';

/** A fact of an event, as text. */
export type EventFact = { readonly name: string; readonly value: string };

const MASKED = '***';

/** The data of an event, without its reason. Personal data of the shopper is masked. */
export function factsOf(event: OrderEvent): EventFact[] {
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
