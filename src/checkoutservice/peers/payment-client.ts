import { status } from '@grpc/grpc-js';
import { type Money, toWire } from '../../domain/money.ts';
import type { CreditCardInfo, PaymentServiceDefinition } from '../../genproto/hipstershop/payment.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { PeerCalls } from '../../lib/grpc/client.ts';
import { isUnimplemented } from '../../lib/grpc/fallback.ts';
import { PeerError } from '../../lib/grpc/peer-error.ts';
import { type ChargeRefusal, isChargeRefusal } from '../../reasons.ts';

/** What became of a charge. `unanswered`: it may have happened. */
export type ChargeOutcome =
  | { readonly kind: 'charged'; readonly transactionId: string }
  | { readonly kind: 'declined'; readonly reason: ChargeRefusal }
  | { readonly kind: 'unanswered'; readonly cause: unknown };

/** What is known of a charge afterwards. `never`: it did not happen and never will. `unknowable`: the peer keeps no keys. */
export type FoundCharge =
  | { readonly kind: 'charged'; readonly transactionId: string }
  | { readonly kind: 'never' }
  | { readonly kind: 'unknowable' };

/** The payment service, as checkout needs it. */
export type PaymentClient = {
  readonly charge: (
    request: { amount: Money; card: CreditCardInfo; idempotencyKey: string },
    call: CallContext,
  ) => Promise<ChargeOutcome>;
  /** Finds out what became of a key, and makes sure that nothing more becomes of it. */
  readonly findCharge: (idempotencyKey: string, call: CallContext) => Promise<FoundCharge>;
  /** Gives money back and answers the refund's id. */
  readonly refund: (
    request: { transactionId: string; amount: Money; idempotencyKey: string },
    call: CallContext,
  ) => Promise<string>;
};

// The only answers that say "this card was not charged". 400 is the original's, and no standard code.
const DECLINES: ReadonlySet<number> = new Set([status.INVALID_ARGUMENT, status.FAILED_PRECONDITION, 400]);

/** Adapts the payment service. A refusal without a reason, as the original protocol sends it, is CARD_DECLINED. */
export function paymentClient(peer: PeerCalls<PaymentServiceDefinition>): PaymentClient {
  return {
    charge: async ({ amount, card, idempotencyKey }, call) => {
      try {
        const request = { amount: toWire(amount), creditCard: card, idempotencyKey };
        const { transactionId } = await peer.charge(request, call);
        return { kind: 'charged', transactionId };
      } catch (error) {
        // Whatever else went wrong, the money may have moved.
        if (!(error instanceof PeerError && DECLINES.has(error.code))) return { kind: 'unanswered', cause: error };
        return { kind: 'declined', reason: isChargeRefusal(error.reason) ? error.reason : 'CARD_DECLINED' };
      }
    },
    findCharge: async (idempotencyKey, call) => {
      try {
        const { transactionId } = await peer.getCharge({ idempotencyKey }, call);
        return { kind: 'charged', transactionId };
      } catch (error) {
        if (error instanceof PeerError && error.code === status.NOT_FOUND) return { kind: 'never' };
        if (isUnimplemented(error)) return { kind: 'unknowable' };
        throw error;
      }
    },
    refund: async ({ transactionId, amount, idempotencyKey }, call) => {
      const { refundId } = await peer.refund({ transactionId, amount: toWire(amount), idempotencyKey }, call);
      return refundId;
    },
  };
}
