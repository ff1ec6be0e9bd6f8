import { status } from '@grpc/grpc-js';
import { type Money, parseMoney, type WireMoney } from '../../domain/money.ts';
import type { ShippingServiceDefinition } from '../../genproto/hipstershop/shipping.ts';
import { DomainError } from '../../lib/errors.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { UpstreamCalls } from '../../lib/grpc/client.ts';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';
import type { ShippingAddress } from '../order/order.ts';
import { isFinalRefusal } from './final-refusal.ts';

type Goods = readonly { readonly productId: string; readonly quantity: number }[];

/**
 * The result of ShipOrder:
 * - `refused`: nothing was shipped, and a repeat would ship nothing
 * - `conflict`: the key was used for another shipment, or its shipment was cancelled: there may be one to cancel
 * - `ambiguous`: it is unknown whether the goods were shipped
 */
export type ShipOutcome =
  | { readonly kind: 'shipped'; readonly trackingId: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'ambiguous'; readonly cause: unknown };

/** `refused`: no retry can help. */
export type CancelOutcome =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'refused'; readonly cause: UpstreamError };

/** What checkout needs of the shipping service. */
export type ShippingClient = {
  /**
   * Returns the cost of shipping in US dollars.
   *
   * @throws {DomainError} SHIPPING_REFUSED when these goods cannot be shipped to this address
   * @throws {DomainError} QUOTE_UNUSABLE when the response is not a valid amount
   */
  readonly quote: (address: ShippingAddress, goods: Goods, call: CallContext) => Promise<Money>;
  readonly ship: (
    request: { address: ShippingAddress; goods: Goods; idempotencyKey: string },
    call: CallContext,
  ) => Promise<ShipOutcome>;
  /** Cancels the shipment of this key. When there is none, the key is fenced: a later ShipOrder with it ships nothing. */
  readonly cancel: (idempotencyKey: string, call: CallContext) => Promise<CancelOutcome>;
};

// The only status codes that mean that nothing was shipped and a retry cannot help.
const REFUSALS: ReadonlySet<number> = new Set([
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.PERMISSION_DENIED,
  status.UNAUTHENTICATED,
  status.FAILED_PRECONDITION,
  status.OUT_OF_RANGE,
]);
const CONFLICTS: ReadonlySet<number> = new Set([status.ALREADY_EXISTS, status.ABORTED]);

export function shippingClient(upstream: UpstreamCalls<ShippingServiceDefinition>): ShippingClient {
  return {
    quote: async (address, goods, call) => {
      try {
        const { costUsd } = await upstream.getQuote({ address, items: itemsOf(goods) }, call);
        return usableQuote(costUsd);
      } catch (error) {
        if (!(error instanceof UpstreamError && REFUSALS.has(error.code))) throw error;
        const message = 'these goods cannot be shipped to this address';
        throw new DomainError('precondition', 'SHIPPING_REFUSED', message, { cause: error });
      }
    },
    ship: async ({ address, goods, idempotencyKey }, call) => {
      try {
        const request = { address, items: itemsOf(goods), idempotencyKey };
        const { trackingId, cancelled = false } = await upstream.shipOrder(request, call);
        return cancelled ? { kind: 'conflict' } : { kind: 'shipped', trackingId };
      } catch (cause) {
        // Any failure that is not listed here may have come after the shipment.
        if (!(cause instanceof UpstreamError)) return { kind: 'ambiguous', cause };
        if (CONFLICTS.has(cause.code)) return { kind: 'conflict' };
        return REFUSALS.has(cause.code) ? { kind: 'refused' } : { kind: 'ambiguous', cause };
      }
    },
    cancel: async (idempotencyKey, call) => {
      try {
        await upstream.cancelShipment({ trackingId: '', idempotencyKey }, call);
        return { kind: 'cancelled' };
      } catch (error) {
        if (isFinalRefusal(error)) return { kind: 'refused', cause: error };
        throw error;
      }
    },
  };
}

function usableQuote(wire: WireMoney | undefined): Money {
  const quote = parseMoney(wire, { sign: 'not-negative' });
  if (quote.ok) return quote.money;
  throw new DomainError('unavailable', 'QUOTE_UNUSABLE', 'shipping returned no usable quote, try again later');
}

function itemsOf(goods: Goods): { productId: string; quantity: number }[] {
  return goods.map(({ productId, quantity }) => ({ productId, quantity }));
}
