import { status } from '@grpc/grpc-js';
import type { TypedCard } from '../../domain/card.ts';
import type { Money } from '../../domain/money.ts';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';
import type { ChargeOutcome, PaymentClient } from '../upstreams/payment-client.ts';
import { type FailurePlan, plannedFailure } from './failure-plan.testing.ts';

type FakeCharge = { readonly key: string; readonly content: string; readonly amount: Money; refunded: bigint };

/** A payment service and its ledger. */
export type FakePayment = PaymentClient & {
  readonly charges: FakeCharge[];
  /** The amount of a key's charges less its refunds, in nanos. */
  readonly kept: (key: string) => bigint;
};

type ChargeRequest = { readonly amount: Money; readonly card: TypedCard; readonly idempotencyKey: string };

/**
 * Without keys, as in the original protocol, every call charges, and no charge can be looked up. With keys, a charge, a
 * decline and a fence are remembered for their key.
 */
export function fakePayment(calls: FailurePlan, options: { keepsKeys: boolean }): FakePayment {
  const charges: FakeCharge[] = [];
  const declined = new Map<string, string>();
  const fenced = new Set<string>();
  const find = (key: string): number => (options.keepsKeys ? charges.findIndex((charge) => charge.key === key) : -1);

  const take = (key: string, content: string, amount: Money): ChargeOutcome => {
    if (fenced.has(key)) throw plannedFailure('charge', status.ABORTED);
    const index = find(key);
    const known = charges[index]?.content ?? declined.get(key);
    if (known !== undefined && known !== content) throw plannedFailure('charge', status.ALREADY_EXISTS);
    if (declined.has(key)) throw plannedFailure('charge', status.FAILED_PRECONDITION);
    const made = index >= 0 ? index : charges.push({ key, content, amount, refunded: 0n }) - 1;
    return { kind: 'charged', transactionId: `tx-${made}`, isRefunded: (charges[made]?.refunded ?? 0n) > 0n };
  };

  const outcomeOf = (request: ChargeRequest, cause: unknown): ChargeOutcome => {
    if (!(cause instanceof UpstreamError)) return { kind: 'ambiguous', cause };
    if (cause.isOutage && !cause.isAmbiguous) return { kind: 'not-begun', cause };
    if (cause.code === status.ABORTED || cause.code === status.ALREADY_EXISTS) return { kind: 'conflict' };
    if (cause.code !== status.FAILED_PRECONDITION) return { kind: 'ambiguous', cause };
    const { idempotencyKey: key, amount } = request;
    // A key that was charged is never declined.
    if (find(key) >= 0) return take(key, contentOf(request), amount);
    if (options.keepsKeys) declined.set(key, contentOf(request));
    return { kind: 'declined', reason: 'CARD_DECLINED' };
  };

  return {
    charges,
    kept: (key) =>
      charges.reduce((sum, charge) => (charge.key === key ? sum + charge.amount.nanos - charge.refunded : sum), 0n),
    charge: async (request) => {
      const { amount, idempotencyKey } = request;
      try {
        return await calls.perform('charge', () => take(idempotencyKey, contentOf(request), amount));
      } catch (cause) {
        return outcomeOf(request, cause);
      }
    },
    findCharge: async (key) =>
      await calls.perform('findCharge', () => {
        if (!options.keepsKeys) return { kind: 'unknowable' };
        const index = find(key);
        const charge = charges[index];
        if (charge === undefined) {
          fenced.add(key);
          return { kind: 'never' };
        }
        const { amount, refunded } = charge;
        return { kind: 'charged', transactionId: `tx-${index}`, amount, isRefunded: refunded > 0n };
      }),
    keepsKeys: async () => await calls.perform('keepsKeys', () => options.keepsKeys),
    refund: async ({ transactionId, amount }) => {
      try {
        return await calls.perform('refund', () => {
          const charge = charges[Number(transactionId.slice(3))];
          if (charge === undefined) throw plannedFailure('refund', status.NOT_FOUND);
          charge.refunded = amount.nanos;
          return { kind: 'refunded', refundId: `re-${transactionId}` };
        });
      } catch (error) {
        if (isRefusal(error)) return { kind: 'refused', cause: error };
        throw error;
      }
    },
  };
}

function contentOf({ amount, card }: ChargeRequest): string {
  return `${amount.currency} ${amount.nanos} ${card.creditCardNumber}`;
}

/** True for a planned refusal: a repeat is refused in the same way. */
export function isRefusal(error: unknown): error is UpstreamError {
  const finals: readonly number[] = [status.FAILED_PRECONDITION, status.NOT_FOUND];
  return error instanceof UpstreamError && finals.includes(error.code);
}
