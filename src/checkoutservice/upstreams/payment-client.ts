import { status } from '@grpc/grpc-js';
import { fromWire, type Money, toWire, type WireMoney } from '../../domain/money.ts';
import type { CreditCardInfo, PaymentServiceDefinition } from '../../genproto/hipstershop/payment.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { UpstreamCalls } from '../../lib/grpc/client.ts';
import { isUnimplemented } from '../../lib/grpc/fallback.ts';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';
import { type ChargeRefusal, isChargeRefusal } from '../../reasons.ts';
import { isFinalRefusal } from './final-refusal.ts';

/**
 * The result of a charge:
 * - `charged`: by this call or by an earlier one with the same key; `isRefunded` when it was refunded since, fully or in part
 * - `conflict`: the key was used with other content, or it is fenced: this call charged nothing
 * - `not-begun`: the request never left this process, or payment did not begin to handle it: this call charged nothing
 * - `ambiguous`: it is unknown whether the card was charged
 */
export type ChargeOutcome =
  | { readonly kind: 'charged'; readonly transactionId: string; readonly isRefunded: boolean }
  | { readonly kind: 'declined'; readonly reason: ChargeRefusal }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'not-begun'; readonly cause: unknown }
  | { readonly kind: 'ambiguous'; readonly cause: unknown };

/**
 * The charge of a key:
 * - `never`: nothing was charged, and nothing will be: the key is fenced
 * - `unknowable`: the payment service does not keep keys
 */
export type FoundCharge =
  | {
      readonly kind: 'charged';
      readonly transactionId: string;
      readonly amount: Money;
      readonly isRefunded: boolean;
    }
  | { readonly kind: 'never' }
  | { readonly kind: 'unknowable' };

/** `refused`: no retry can help. */
export type RefundOutcome =
  | { readonly kind: 'refunded'; readonly refundId: string }
  | { readonly kind: 'refused'; readonly cause: UpstreamError };

/** What checkout needs of the payment service. */
export type PaymentClient = {
  readonly charge: (
    request: { amount: Money; card: CreditCardInfo; idempotencyKey: string },
    call: CallContext,
  ) => Promise<ChargeOutcome>;
  /** Looks a charge up by its key. When there is none, the key is fenced: a later Charge with it charges nothing. */
  readonly findCharge: (idempotencyKey: string, call: CallContext) => Promise<FoundCharge>;
  /** True when a repeated Charge with the same key charges once: a service of the original protocol ignores keys. */
  readonly keepsKeys: (call: CallContext) => Promise<boolean>;
  readonly refund: (
    request: { transactionId: string; amount: Money; idempotencyKey: string },
    call: CallContext,
  ) => Promise<RefundOutcome>;
};

// The only status codes that mean that the card was not charged. 400 is sent by the original service; gRPC does not define it.
const DECLINES: ReadonlySet<number> = new Set([status.INVALID_ARGUMENT, status.FAILED_PRECONDITION, 400]);
const CONFLICTS: ReadonlySet<number> = new Set([status.ALREADY_EXISTS, status.ABORTED]);
const PROBE_KEY = 'key-support-probe';

/** Adapts the payment service. A refusal without a reason, as the original protocol sends it, is CARD_DECLINED. */
export function paymentClient(upstream: UpstreamCalls<PaymentServiceDefinition>): PaymentClient {
  return {
    charge: async ({ amount, card, idempotencyKey }, call) => {
      try {
        const request = { amount: toWire(amount), creditCard: card, idempotencyKey };
        const { transactionId, refunded } = await upstream.charge(request, call);
        return { kind: 'charged', transactionId, isRefunded: !isNothing(refunded) };
      } catch (error) {
        return outcomeOfFailure(error);
      }
    },
    findCharge: async (idempotencyKey, call) => {
      try {
        const { transactionId, amount, refunded } = await upstream.getCharge({ idempotencyKey }, call);
        if (amount === undefined) throw new Error('payment returned a charge without an amount');
        return { kind: 'charged', transactionId, amount: fromWire(amount), isRefunded: !isNothing(refunded) };
      } catch (error) {
        if (error instanceof UpstreamError && error.code === status.NOT_FOUND) return { kind: 'never' };
        if (isUnimplemented(error)) return { kind: 'unknowable' };
        throw error;
      }
    },
    keepsKeys: async (call) => {
      try {
        // Fences a key that no charge ever has.
        await upstream.getCharge({ idempotencyKey: PROBE_KEY }, call);
        return true;
      } catch (error) {
        if (error instanceof UpstreamError && error.code === status.NOT_FOUND) return true;
        if (isUnimplemented(error)) return false;
        throw error;
      }
    },
    refund: async ({ transactionId, amount, idempotencyKey }, call) => {
      try {
        const { refundId } = await upstream.refund({ transactionId, amount: toWire(amount), idempotencyKey }, call);
        return { kind: 'refunded', refundId };
      } catch (error) {
        if (isFinalRefusal(error)) return { kind: 'refused', cause: error };
        throw error;
      }
    },
  };
}

function outcomeOfFailure(cause: unknown): ChargeOutcome {
  // Any failure that is not listed here may have come after the charge.
  if (!(cause instanceof UpstreamError)) return { kind: 'ambiguous', cause };
  if (CONFLICTS.has(cause.code)) return { kind: 'conflict' };
  if (cause.isOutage && !cause.isAmbiguous) return { kind: 'not-begun', cause };
  if (!DECLINES.has(cause.code)) return { kind: 'ambiguous', cause };
  return { kind: 'declined', reason: isChargeRefusal(cause.reason) ? cause.reason : 'CARD_DECLINED' };
}

function isNothing(amount: WireMoney | undefined): boolean {
  return amount === undefined || (amount.units === 0n && amount.nanos === 0);
}
