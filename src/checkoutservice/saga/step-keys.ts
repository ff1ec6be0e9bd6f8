import { createHash } from 'node:crypto';
import type { Purchase } from '../order/order.ts';

type ShopperKey = Pick<Purchase, 'userId' | 'idempotencyKey'>;

/**
 * The idempotency keys that checkout sends to payment and shipping. They derive from the shopper's key, and not from the
 * order id, which is random: when checkout crashes after a charge, the shopper's repeat is a new order, but its Charge finds
 * the charge of the first one. A key is the step and a SHA-256 hash in hexadecimal, so that it fits into 128 characters.
 */
export function chargeKey({ userId, idempotencyKey }: ShopperKey): string {
  return stepKey('charge', [userId, idempotencyKey]);
}

/** The key of ShipOrder, and of CancelShipment for it. */
export function shipmentKey({ userId, idempotencyKey }: ShopperKey): string {
  return stepKey('ship', [userId, idempotencyKey]);
}

/** The key of the one refund of a whole charge. */
export function refundKey(transactionId: string): string {
  return stepKey('refund', [transactionId]);
}

function stepKey(step: string, parts: readonly string[]): string {
  // JSON keeps the parts apart: different parts never have the same text.
  const hash = createHash('sha256').update(JSON.stringify([step, ...parts]));
  return `${step}-${hash.digest('hex')}`;
}
