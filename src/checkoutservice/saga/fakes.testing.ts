import { status } from '@grpc/grpc-js';
import type { Money } from '../../domain/money.ts';
import { invalidField } from '../../lib/fields.ts';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';
import type { Order } from '../order/order.ts';
import type { CartClient, CartToBuy } from '../upstreams/cart-client.ts';
import type { CatalogueClient, CatalogueProduct } from '../upstreams/catalogue-client.ts';
import type { CurrencyClient } from '../upstreams/currency-client.ts';
import type { EmailClient } from '../upstreams/email-client.ts';
import type { ShippingClient } from '../upstreams/shipping-client.ts';
import { type FailurePlan, plannedFailure } from './failure-plan.testing.ts';
import { isRefusal } from './fake-payment.testing.ts';

/** A shipping service and its shipments, by their key. */
export type FakeShipping = ShippingClient & {
  readonly shipments: Map<string, { readonly content: string; cancelled: boolean }>;
  /** The key of each call of `ship`. */
  readonly calledKeys: string[];
};

/** Shipping costs 8.99 USD. */
export function fakeShipping(calls: FailurePlan): FakeShipping {
  const shipments: FakeShipping['shipments'] = new Map();
  const fenced = new Set<string>();
  const calledKeys: string[] = [];
  return {
    shipments,
    calledKeys,
    quote: async () => await calls.perform('quote', () => usd(8_990_000_000n)),
    ship: async ({ idempotencyKey: key, address, goods }) => {
      calledKeys.push(key);
      const content = JSON.stringify([address, goods.map(({ productId, quantity }) => [productId, quantity])]);
      try {
        return await calls.perform('ship', () => {
          const known = shipments.get(key) ?? { content, cancelled: false };
          if (fenced.has(key)) throw plannedFailure('ship', status.ABORTED);
          if (known.content !== content) throw plannedFailure('ship', status.ALREADY_EXISTS);
          shipments.set(key, known);
          return known.cancelled ? { kind: 'conflict' } : { kind: 'shipped', trackingId: `parcel-${key}` };
        });
      } catch (cause) {
        if (!(cause instanceof UpstreamError)) return { kind: 'ambiguous', cause };
        if (cause.code === status.ABORTED || cause.code === status.ALREADY_EXISTS) return { kind: 'conflict' };
        return isRefusal(cause) ? { kind: 'refused' } : { kind: 'ambiguous', cause };
      }
    },
    cancel: async (key) => {
      try {
        return await calls.perform('cancel', () => {
          const shipment = shipments.get(key);
          if (shipment === undefined) fenced.add(key);
          else shipment.cancelled = true;
          return { kind: 'cancelled' };
        });
      } catch (error) {
        if (isRefusal(error)) return { kind: 'refused', cause: error };
        throw error;
      }
    },
  };
}

/** One cart that all users share. */
export type FakeCart = CartClient & {
  /** Replaces the lines; the cart gets a new version. */
  readonly fill: (lines: CartToBuy['lines']) => void;
  readonly now: () => CartToBuy;
};

/** A cart of two mugs and a watch. A cart of the original protocol has no versions. */
export function fakeCart(calls: FailurePlan, options: { hasVersions: boolean }): FakeCart {
  let writes = 0;
  let cart: CartToBuy = { lines: [], version: undefined };
  const fill: FakeCart['fill'] = (lines) => {
    writes += 1;
    cart = { lines, version: options.hasVersions ? `v${writes}` : undefined };
  };
  fill(MUGS_AND_WATCH);
  return {
    fill,
    now: () => cart,
    getCart: async () => await calls.perform('getCart', () => cart),
    emptyCart: async (_userId, version) =>
      await calls.perform('emptyCart', () => {
        if (version === undefined || version === cart.version) fill([]);
      }),
  };
}

/** The lines of the cart at the start: 136.96 USD including shipping. */
export const MUGS_AND_WATCH: CartToBuy['lines'] = [
  { productId: 'mug', quantity: 2 },
  { productId: 'watch', quantity: 1 },
];

/** A catalogue of mugs at 8.99 USD and watches at 109.99 USD. */
export function fakeCatalogue(calls: FailurePlan): CatalogueClient {
  const product = (id: string, cents: bigint): CatalogueProduct => ({
    id,
    name: `The ${id}`,
    price: usd(cents * 10_000_000n),
  });
  const products = [product('mug', 899n), product('watch', 10_999n)];
  return {
    products: async (ids) => await calls.perform('products', () => products.filter(({ id }) => ids.includes(id))),
  };
}

/** Converts between USD and EUR, at two dollars a euro. */
export function fakeCurrency(calls: FailurePlan): CurrencyClient {
  return {
    convert: async (amounts, toCode) =>
      await calls.perform('convert', () => {
        if (toCode === 'USD') return amounts;
        if (toCode !== 'EUR') throw invalidField('user_currency', 'must be a supported currency');
        return amounts.map(({ nanos }) => ({ currency: 'EUR', nanos: nanos / 2n }));
      }),
  };
}

/** The mails that were sent, as `<kind> <order id>`. Each is sent once. */
export type FakeEmail = EmailClient & { readonly sent: Set<string>; readonly orders: Order[] };

export function fakeEmail(calls: FailurePlan): FakeEmail {
  const sent = new Set<string>();
  const orders: Order[] = [];
  const send = (kind: string, order: Order): void => {
    const mail = `${kind} ${order.purchase.orderId}`;
    if (!sent.has(mail)) orders.push(order);
    sent.add(mail);
  };
  return {
    sent,
    orders,
    sendConfirmation: async (order) => await calls.perform('sendConfirmation', () => send('confirmation', order)),
    sendCancellation: async (order) => await calls.perform('sendCancellation', () => send('cancellation', order)),
    eraseMails: async () => {},
  };
}

function usd(nanos: bigint): Money {
  return { currency: 'USD', nanos };
}
