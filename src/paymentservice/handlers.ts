import { type Card, requireCard } from '../domain/card.ts';
import { optionalIdempotencyKey, requireId, requireIdempotencyKey } from '../domain/ids.ts';
import { type Money, toDecimal, toWire } from '../domain/money.ts';
import { ChargeRequest, type PaymentServiceDefinition, RefundRequest } from '../genproto/hipstershop/payment.ts';
import { DomainError } from '../lib/errors.ts';
import { requirePresent } from '../lib/fields.ts';
import type { Handlers } from '../lib/grpc/server.ts';
import type { Runtime } from '../lib/runtime/runtime.ts';
import { declined, declineReason, newCharge, readAmount, refundCharge } from './charge.ts';
import type { ChargeOutcome, ChargeStore } from './charge-store.ts';
import type { PaymentEvents } from './events.ts';

type Deps = { readonly store: ChargeStore; readonly events: PaymentEvents } & Pick<Runtime, 'now' | 'newId'>;

/** The RPCs of the payment service. */
export function paymentHandlers(deps: Deps): Handlers<PaymentServiceDefinition> {
  const { store } = deps;
  return {
    charge: async (request) => {
      const key = optionalIdempotencyKey(request.idempotencyKey);
      const amount = readAmount(request.amount);
      const card = requireCard(requirePresent('credit_card', request.creditCard));
      const content = ChargeRequest.encode({ ...request, idempotencyKey: undefined }).finish();
      const outcome = await store.outcomes.once(key, content, () => makeCharge(deps, amount, card));
      if ('declined' in outcome) throw declined(outcome.declined);
      const { transactionId, refunded } = store.find(outcome.made.transactionId) ?? outcome.made;
      return { transactionId, refunded: refunded.nanos > 0n ? toWire(refunded) : undefined };
    },

    getCharge: async (request) => {
      const outcome = await store.outcomes.findOrFence(requireIdempotencyKey(request.idempotencyKey));
      if (outcome === undefined || 'declined' in outcome) throw unknownCharge();
      const { transactionId, amount, refunded } = store.find(outcome.made.transactionId) ?? outcome.made;
      return { transactionId, amount: toWire(amount), refunded: toWire(refunded) };
    },

    refund: async (request) => {
      const transactionId = requireId('transaction_id', request.transactionId);
      const amount = readAmount(request.amount);
      const key = requireIdempotencyKey(request.idempotencyKey);
      const content = RefundRequest.encode({ ...request, idempotencyKey: '' }).finish();
      return { refundId: await store.refunds.once(key, content, () => makeRefund(deps, transactionId, amount)) };
    },
  };
}

function makeCharge({ store, events, now, newId }: Deps, amount: Money, card: Card): ChargeOutcome {
  const reason = declineReason(card, now());
  if (reason !== undefined) {
    events.chargeDeclined({ reason });
    return { declined: reason };
  }
  const made = newCharge(newId(), amount);
  store.keep(made);
  events.chargeMade({ transactionId: made.transactionId, ...measured(amount) });
  return { made };
}

function makeRefund({ store, events, newId }: Deps, transactionId: string, amount: Money): string {
  const found = store.find(transactionId);
  if (found === undefined)
    throw new DomainError('not-found', 'TRANSACTION_UNKNOWN', 'no charge has this transaction id');
  store.keep(refundCharge(found, amount));
  events.chargeRefunded({ transactionId, ...measured(amount) });
  return newId();
}

function measured(amount: Money): { currency: string; amount: number } {
  return { currency: amount.currency, amount: Number(toDecimal(amount)) };
}

function unknownCharge(): DomainError {
  return new DomainError('not-found', 'CHARGE_UNKNOWN', 'nothing was charged with this key, and nothing will be');
}
