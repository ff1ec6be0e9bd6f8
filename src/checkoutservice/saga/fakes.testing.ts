import { status } from '@grpc/grpc-js';
import { type Money, toWire } from '../../domain/money.ts';
import type { Product } from '../../genproto/hipstershop/product_catalog.ts';
import { invalidField } from '../../lib/fields.ts';
import { PeerError } from '../../lib/grpc/peer-error.ts';
import type { Order } from '../order/order.ts';
import type { CartClient, CartToBuy } from '../peers/cart-client.ts';
import type { CatalogueClient } from '../peers/catalogue-client.ts';
import type { CurrencyClient } from '../peers/currency-client.ts';
import type { EmailClient } from '../peers/email-client.ts';
import type { PaymentClient } from '../peers/payment-client.ts';
import type { ShippingClient } from '../peers/shipping-client.ts';

/** The calls checkout makes, by the name of the adapter's function. */
export type PeerCall =
  | 'getCart'
  | 'emptyCart'
  | 'products'
  | 'quote'
  | 'convert'
  | 'charge'
  | 'findCharge'
  | 'refund'
  | 'ship'
  | 'cancel'
  | 'sendConfirmation'
  | 'sendCancellation';

/**
 * What becomes of one call. `lost-before`: nobody did it and nobody answered; `lost-after`: it was done, and the answer
 * was lost; `unimplemented`: the peer does not know the RPC; a promise: it hangs, and is then done.
 */
export type Fate = 'ok' | 'refused' | 'lost-before' | 'lost-after' | 'unimplemented' | Promise<void>;

/** Decides what becomes of each call: what was planned for it, in that order, and then `ok`. */
export type Fates = {
  readonly plan: (call: PeerCall, ...fates: readonly Fate[]) => void;
  /** The calls made so far. */
  readonly made: PeerCall[];
  /** Does the work of a call, or not, and answers or throws. */
  readonly meet: <T>(call: PeerCall, work: () => T) => Promise<T>;
};

/** Nothing is planned: every call is answered. */
export function openFates(): Fates {
  const planned = new Map<PeerCall, Fate[]>();
  const made: PeerCall[] = [];
  return {
    made,
    plan: (call, ...fates) => {
      planned.set(call, [...(planned.get(call) ?? []), ...fates]);
    },
    meet: async (call, work) => {
      made.push(call);
      const fate = planned.get(call)?.shift() ?? 'ok';
      if (fate === 'refused') throw failure(call, status.FAILED_PRECONDITION);
      if (fate === 'unimplemented') throw failure(call, status.UNIMPLEMENTED);
      if (fate === 'lost-before') throw failure(call, status.UNAVAILABLE);
      if (typeof fate === 'object') await fate;
      const answer = work();
      if (fate === 'lost-after') throw failure(call, status.DEADLINE_EXCEEDED);
      return answer;
    },
  };
}

function failure(rpc: PeerCall, code: status): PeerError {
  return new PeerError({ peer: 'fake', rpc, code, details: 'as planned' });
}

/** Money taken, by the key it was taken with. */
export type FakePayment = PaymentClient & {
  readonly charges: { readonly key: string; readonly amount: bigint; refunded: bigint }[];
  /** What is kept of a key's charges. */
  readonly kept: (key: string) => bigint;
};

/** A bank. One of the original protocol keeps no keys: it charges as often as it is asked, and knows nothing afterwards. */
export function fakePayment(fates: Fates, options: { keepsKeys: boolean }): FakePayment {
  const charges: FakePayment['charges'] = [];
  const fenced = new Set<string>();
  const find = (key: string): number => charges.findIndex((charge) => charge.key === key);
  const take = (key: string, { nanos }: Money): string => {
    if (fenced.has(key)) throw failure('charge', status.ABORTED);
    if (options.keepsKeys && find(key) >= 0) return `tx-${find(key)}`;
    return `tx-${charges.push({ key, amount: nanos, refunded: 0n }) - 1}`;
  };
  return {
    charges,
    kept: (key) =>
      charges.reduce((sum, charge) => (charge.key === key ? sum + charge.amount - charge.refunded : sum), 0n),
    charge: async ({ amount, idempotencyKey }) => {
      try {
        const transactionId = await fates.meet('charge', () => take(idempotencyKey, amount));
        return { kind: 'charged', transactionId };
      } catch (cause) {
        const isDecline = cause instanceof PeerError && cause.code === status.FAILED_PRECONDITION;
        return isDecline ? { kind: 'declined', reason: 'CARD_DECLINED' } : { kind: 'unanswered', cause };
      }
    },
    findCharge: async (key) =>
      await fates.meet('findCharge', () => {
        if (!options.keepsKeys) return { kind: 'unknowable' };
        if (find(key) >= 0) return { kind: 'charged', transactionId: `tx-${find(key)}` };
        fenced.add(key);
        return { kind: 'never' };
      }),
    refund: async ({ transactionId, amount }) =>
      await fates.meet('refund', () => {
        const charge = charges[Number(transactionId.slice(3))];
        if (charge === undefined) throw failure('refund', status.NOT_FOUND);
        charge.refunded = amount.nanos;
        return `re-${transactionId}`;
      }),
  };
}

/** Parcels, by the key they were ordered with. */
export type FakeShipping = ShippingClient & {
  readonly shipments: Map<string, { cancelled: boolean }>;
  /** The keys it was asked to ship with, each time it was asked. */
  readonly asked: string[];
};

/** A carrier that asks 8.99 USD. */
export function fakeShipping(fates: Fates): FakeShipping {
  const shipments: FakeShipping['shipments'] = new Map();
  const fenced = new Set<string>();
  const asked: string[] = [];
  return {
    shipments,
    asked,
    quote: async () => await fates.meet('quote', () => usd(8_990_000_000n)),
    ship: async ({ idempotencyKey: key }) => {
      asked.push(key);
      try {
        const trackingId = await fates.meet('ship', () => {
          if (fenced.has(key)) throw failure('ship', status.ABORTED);
          shipments.set(key, shipments.get(key) ?? { cancelled: false });
          return `parcel-${key}`;
        });
        return { kind: 'shipped', trackingId };
      } catch (cause) {
        const isRefusal = cause instanceof PeerError && cause.code === status.FAILED_PRECONDITION;
        return isRefusal ? { kind: 'refused' } : { kind: 'unanswered', cause };
      }
    },
    cancel: async (key) =>
      await fates.meet('cancel', () => {
        if (shipments.has(key)) shipments.set(key, { cancelled: true });
        else fenced.add(key);
      }),
  };
}

/** One cart that everybody has. */
export type FakeCart = CartClient & {
  /** Puts something in, as a new version. */
  readonly fill: (lines: CartToBuy['lines']) => void;
  readonly now: () => CartToBuy;
};

/** A cart of two mugs and a watch. One of the original protocol has no versions. */
export function fakeCart(fates: Fates, options: { hasVersions: boolean }): FakeCart {
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
    getCart: async () => await fates.meet('getCart', () => cart),
    emptyCart: async (_userId, version) =>
      await fates.meet('emptyCart', () => {
        if (version === undefined || version === cart.version) fill([]);
      }),
  };
}

/** What is in the cart to begin with: 148.95 USD with shipping and the watch once. */
export const MUGS_AND_WATCH: CartToBuy['lines'] = [
  { productId: 'mug', quantity: 2 },
  { productId: 'watch', quantity: 1 },
];

/** A catalogue of mugs at 8.99 USD and watches at 109.99 USD. */
export function fakeCatalogue(fates: Fates): CatalogueClient {
  const product = (id: string, cents: bigint): Product => ({
    id,
    name: `The ${id}`,
    description: '',
    picture: '',
    priceUsd: toWire(usd(cents * 10_000_000n)),
    categories: [],
  });
  const products = [product('mug', 899n), product('watch', 10_999n)];
  return {
    products: async (ids) => await fates.meet('products', () => products.filter(({ id }) => ids.includes(id))),
  };
}

/** Knows USD and EUR, at two dollars a euro. */
export function fakeCurrency(fates: Fates): CurrencyClient {
  return {
    convert: async (amounts, toCode) =>
      await fates.meet('convert', () => {
        if (toCode === 'USD') return amounts;
        if (toCode !== 'EUR') throw invalidField('user_currency', 'must be a supported currency');
        return amounts.map(({ nanos }) => ({ currency: 'EUR', nanos: nanos / 2n }));
      }),
  };
}

/** The mails that were sent: kind, then order id. Each is sent once. */
export type FakeEmail = EmailClient & { readonly sent: Set<string>; readonly orders: Order[] };

/** A letter box. */
export function fakeEmail(fates: Fates): FakeEmail {
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
    sendConfirmation: async (order) => await fates.meet('sendConfirmation', () => send('confirmation', order)),
    sendCancellation: async (order) => await fates.meet('sendCancellation', () => send('cancellation', order)),
  };
}

function usd(nanos: bigint): Money {
  return { currency: 'USD', nanos };
}
