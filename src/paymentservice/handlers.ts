import { type Card, requireCard } from '../domain/card.ts';
import { optionalIdempotencyKey, requireId, requireIdempotencyKey } from '../domain/ids.ts';
import { type Money, toDecimal, toWire } from '../domain/money.ts';
import { ChargeRequest, type PaymentServiceDefinition, RefundRequest } from '../genproto/hipstershop/payment.ts';
import { DomainError } from '../lib/errors.ts';
import { requirePresent } from '../lib/fields.ts';
import type { Handlers } from '../lib/grpc/server.ts';
import type { Runtime } from '../lib/runtime/runtime.ts';
import { fingerprintOf } from '../lib/store/idempotent-table.ts';
import { declined, declineReason, newCharge, readAmount, refundCharge } from './charge.ts';
import type { ChargeStore } from './charge-store.ts';
import type { PaymentEvents } from './events.ts';

type Deps = { readonly store: ChargeStore; readonly events: PaymentEvents } & Pick<Runtime, 'now' | 'newId'>;

/** The RPCs of the payment service. */
export function paymentHandlers(deps: Deps): Handlers<PaymentServiceDefinition> {
  const { store, events, now, newId } = deps;
  return {
    charge: async (request) => {
      const key = optionalIdempotencyKey(request.idempotencyKey);
      const amount = readAmount(request.amount);
      const card = requireCard(requirePresent('credit_card', request.creditCard));
      const { outcome, isRepeat } = await store.charge({ key, fingerprint: fingerprintOfCharge(request, card) }, () => {
        const reason = declineReason(card, now());
        return reason === undefined ? { made: newCharge(newId(), amount) } : { declined: reason };
      });
      if ('declined' in outcome) {
        if (!isRepeat) events.chargeDeclined({ reason: outcome.declined });
        throw declined(outcome.declined);
      }
      const { transactionId, refunded } = outcome.made;
      if (!isRepeat) events.chargeMade({ transactionId, ...measured(amount) });
      return { transactionId, refunded: refunded.nanos > 0n ? toWire(refunded) : undefined };
    },

    getCharge: async (request) => {
      const outcome = await store.findOrFence(requireIdempotencyKey(request.idempotencyKey));
      if (outcome === undefined || 'declined' in outcome) throw unknownCharge();
      const { transactionId, amount, refunded } = outcome.made;
      return { transactionId, amount: toWire(amount), refunded: toWire(refunded) };
    },

    refund: async (request) => {
      const transactionId = requireId('transaction_id', request.transactionId);
      const amount = readAmount(request.amount);
      const key = requireIdempotencyKey(request.idempotencyKey);
      const fingerprint = fingerprintOf(RefundRequest.encode({ ...request, idempotencyKey: '' }).finish());
      const { refundId, isRepeat } = await store.refund(
        { key, fingerprint, transactionId, refundId: newId() },
        (charge) => refundCharge(charge, amount),
      );
      if (!isRepeat) events.chargeRefunded({ transactionId, ...measured(amount) });
      return { refundId };
    },
  };
}

/** Of the card only what may be stored: the last four digits and the expiration date. */
function fingerprintOfCharge({ amount, creditCard }: ChargeRequest, { digits }: Card): string {
  const kept = creditCard && { ...creditCard, creditCardNumber: digits.slice(-4), creditCardCvv: 0 };
  return fingerprintOf(ChargeRequest.encode({ amount, creditCard: kept }).finish());
}

function measured(amount: Money): { currency: string; amount: number } {
  return { currency: amount.currency, amount: Number(toDecimal(amount)) };
}

function unknownCharge(): DomainError {
  return new DomainError('not-found', 'CHARGE_UNKNOWN', 'nothing was charged with this key, and nothing will be');
}
