import { status } from '@grpc/grpc-js';
import { fromWire, type Money, type WireMoney, wireMoneyProblem } from '../../domain/money.ts';
import type { ShippingServiceDefinition } from '../../genproto/hipstershop/shipping.ts';
import { DomainError } from '../../lib/errors.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { PeerCalls } from '../../lib/grpc/client.ts';
import { PeerError } from '../../lib/grpc/peer-error.ts';
import type { ShippingAddress } from '../order/order.ts';

type Goods = readonly { readonly productId: string; readonly quantity: number }[];

/** What became of an order to ship. `unanswered`: it may have happened. */
export type ShipOutcome =
  | { readonly kind: 'shipped'; readonly trackingId: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unanswered'; readonly cause: unknown };

/** The shipping service, as checkout needs it. */
export type ShippingClient = {
  /**
   * What shipping costs, in US dollars.
   *
   * @throws {DomainError} SHIPPING_REFUSED when these goods cannot be shipped to this address
   * @throws {DomainError} QUOTE_UNUSABLE when the answer is no amount
   */
  readonly quote: (address: ShippingAddress, goods: Goods, call: CallContext) => Promise<Money>;
  readonly ship: (
    request: { address: ShippingAddress; goods: Goods; idempotencyKey: string },
    call: CallContext,
  ) => Promise<ShipOutcome>;
  /** Calls the shipment back that was ordered with this key, or makes sure that it never leaves. */
  readonly cancel: (idempotencyKey: string, call: CallContext) => Promise<void>;
};

// The only answers that say "nothing was shipped, and nothing will be".
const REFUSALS: ReadonlySet<number> = new Set([
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.PERMISSION_DENIED,
  status.UNAUTHENTICATED,
  status.FAILED_PRECONDITION,
  status.OUT_OF_RANGE,
]);

/** Adapts the shipping service. */
export function shippingClient(peer: PeerCalls<ShippingServiceDefinition>): ShippingClient {
  return {
    quote: async (address, goods, call) => {
      try {
        const { costUsd } = await peer.getQuote({ address, items: itemsOf(goods) }, call);
        return usableQuote(costUsd);
      } catch (error) {
        if (!(error instanceof PeerError && REFUSALS.has(error.code))) throw error;
        const message = 'these goods cannot be shipped to this address';
        throw new DomainError('precondition', 'SHIPPING_REFUSED', message, { cause: error });
      }
    },
    ship: async ({ address, goods, idempotencyKey }, call) => {
      try {
        const { trackingId } = await peer.shipOrder({ address, items: itemsOf(goods), idempotencyKey }, call);
        return { kind: 'shipped', trackingId };
      } catch (error) {
        const isRefusal = error instanceof PeerError && REFUSALS.has(error.code);
        // Whatever else went wrong, the goods may be on their way.
        return isRefusal ? { kind: 'refused' } : { kind: 'unanswered', cause: error };
      }
    },
    cancel: async (idempotencyKey, call) => {
      await peer.cancelShipment({ trackingId: '', idempotencyKey }, call);
    },
  };
}

function usableQuote(wire: WireMoney | undefined): Money {
  if (wire !== undefined && wireMoneyProblem(wire) === undefined) {
    const quote = fromWire(wire);
    if (quote.nanos >= 0n) return quote;
  }
  throw new DomainError('unavailable', 'QUOTE_UNUSABLE', 'shipping gave no usable quote, try again later');
}

function itemsOf(goods: Goods): { productId: string; quantity: number }[] {
  return goods.map(({ productId, quantity }) => ({ productId, quantity }));
}
