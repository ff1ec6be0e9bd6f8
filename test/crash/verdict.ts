import type { Keyed, Ledgers } from './ledgers.ts';

/** What a shopper did, and what checkoutservice says about it. */
export type Purchase = {
  readonly attempts: readonly { readonly charge: string; readonly shipment: string }[];
  /** The order whose page was shown. */
  readonly orderId: string;
  /** The orders of the shopper in checkoutservice: their ids, and whether they are in a final state. */
  readonly orders: readonly { readonly orderId: string; readonly isFinal: boolean }[];
};

/** What the ledgers have for some shoppers. Each count after `shipments` must be 0. */
export type Verdict = {
  readonly orders: number;
  /** Charges that are not refunded in full. */
  readonly charges: number;
  readonly refunds: number;
  /** Shipments that are not cancelled. */
  readonly shipments: number;
  /** Orders that a shopper was shown, and that checkoutservice does not know. */
  readonly lost: number;
  /** Charges beyond one per shopper: every shopper buys once. */
  readonly chargedTwice: number;
  readonly chargedAndNotShipped: number;
  readonly shippedAndUnpaid: number;
  readonly unfinished: number;
};

/** The counts of a verdict that must be 0, and what each means. */
export const FAILURES = {
  lost: 'lost',
  chargedTwice: 'charged twice',
  chargedAndNotShipped: 'charged and neither shipped nor refunded',
  shippedAndUnpaid: 'shipped and unpaid',
  unfinished: 'not in a final state',
} as const satisfies Partial<Record<keyof Verdict, string>>;

/** The counts of a verdict that are not 0, as `1 lost`. */
export function failuresIn(verdict: Verdict): string[] {
  const names = Object.keys(FAILURES) as (keyof typeof FAILURES)[];
  return names.filter((name) => verdict[name] !== 0).map((name) => `${verdict[name]} ${FAILURES[name]}`);
}

/** Judges what the ledgers of payment and shipping have for the attempts of these shoppers. */
export function judge({ charges, shipments }: Ledgers, purchases: readonly Purchase[]): Verdict {
  const sum = (count: (purchase: Purchase) => number): number =>
    purchases.reduce((total, purchase) => total + count(purchase), 0);
  const kept = countByKey(charges, ({ amount, refunded }) => refunded.nanos < amount.nanos);
  const refunded = countByKey(charges, ({ amount, refunded: back }) => back.nanos === amount.nanos);
  const shipped = countByKey(shipments, ({ cancelled }) => !cancelled);
  const of = (counts: ReadonlyMap<string | undefined, number>, key: string): number => counts.get(key) ?? 0;
  const perAttempt = (count: (attempt: Purchase['attempts'][number]) => number) =>
    sum(({ attempts }) => attempts.reduce((total, attempt) => total + count(attempt), 0));
  return {
    orders: sum(({ orders }) => orders.length),
    charges: perAttempt(({ charge }) => of(kept, charge)),
    refunds: perAttempt(({ charge }) => of(refunded, charge)),
    shipments: perAttempt(({ shipment }) => of(shipped, shipment)),
    lost: sum(({ orderId, orders }) => (orders.some((order) => order.orderId === orderId) ? 0 : 1)),
    chargedTwice: sum(({ attempts }) =>
      Math.max(0, attempts.reduce((total, { charge }) => total + of(kept, charge), 0) - 1),
    ),
    chargedAndNotShipped: perAttempt(({ charge, shipment }) => Math.max(0, of(kept, charge) - of(shipped, shipment))),
    shippedAndUnpaid: perAttempt(({ charge, shipment }) => Math.max(0, of(shipped, shipment) - of(kept, charge))),
    unfinished: sum(({ orders }) => orders.filter(({ isFinal }) => !isFinal).length),
  };
}

/** The charges and shipments that belong to no attempt of any shopper. Both must be 0. */
export function strangers({ charges, shipments }: Ledgers, purchases: readonly Purchase[]): number {
  const attempts = purchases.flatMap((purchase) => purchase.attempts);
  const known = new Set(attempts.flatMap(({ charge, shipment }) => [charge, shipment]));
  const unknown = (entry: Keyed<unknown>): boolean => entry.key === undefined || !known.has(entry.key);
  return charges.filter(unknown).length + shipments.filter(unknown).length;
}

function countByKey<V>(entries: readonly Keyed<V>[], counts: (value: V) => boolean): Map<string | undefined, number> {
  const counted = new Map<string | undefined, number>();
  for (const { key, value } of entries) if (counts(value)) counted.set(key, (counted.get(key) ?? 0) + 1);
  return counted;
}
