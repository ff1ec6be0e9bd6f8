import type { ShippingServiceService } from '../../genproto/hipstershop/shipping.ts';
import { DomainError } from '../../lib/errors.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { PeerCalls } from '../../lib/grpc/client.ts';
import { PeerError } from '../../lib/grpc/peer-error.ts';
import { fromWire, type Money, wireMoneyProblem } from '../../lib/money.ts';
import type { ShippingAddress } from '../order/order.ts';

type Goods = readonly { readonly productId: string; readonly quantity: number }[];

/** What became of an order to ship. `unanswered`: it may have happened. */
export type ShipOutcome =
  | { readonly kind: 'shipped'; readonly trackingId: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unanswered'; readonly cause: PeerError };

/** The shipping service, as checkout needs it. */
export type ShippingClient = {
  /** What shipping costs, in US dollars. */
  readonly quote: (address: ShippingAddress, goods: Goods, call: CallContext) => Promise<Money>;
  readonly ship: (
    request: { address: ShippingAddress; goods: Goods; idempotencyKey: string },
    call: CallContext,
  ) => Promise<ShipOutcome>;
  /** Calls the shipment back that was ordered with this key, or makes sure that it never leaves. */
  readonly cancel: (idempotencyKey: string, call: CallContext) => Promise<void>;
};

/** Adapts the shipping service. */
export function shippingClient(peer: PeerCalls<ShippingServiceService>): ShippingClient {
  return {
    quote: async (address, goods, call) => {
      const { costUsd } = await peer.getQuote({ address, items: itemsOf(goods) }, call);
      if (costUsd === undefined || wireMoneyProblem(costUsd) !== undefined) {
        throw new DomainError('unavailable', 'QUOTE_UNUSABLE', 'shipping gave no usable quote, try again later');
      }
      return fromWire(costUsd);
    },
    ship: async ({ address, goods, idempotencyKey }, call) => {
      try {
        const { trackingId } = await peer.shipOrder({ address, items: itemsOf(goods), idempotencyKey }, call);
        return { kind: 'shipped', trackingId };
      } catch (error) {
        if (!(error instanceof PeerError)) throw error;
        return error.isOutage ? { kind: 'unanswered', cause: error } : { kind: 'refused' };
      }
    },
    cancel: async (idempotencyKey, call) => {
      await peer.cancelShipment({ trackingId: '', idempotencyKey }, call);
    },
  };
}

function itemsOf(goods: Goods): { productId: string; quantity: number }[] {
  return goods.map(({ productId, quantity }) => ({ productId, quantity }));
}
