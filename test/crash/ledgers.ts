import type { Order } from '../../src/checkoutservice/order/order.ts';
import { chargeKey, shipmentKey } from '../../src/checkoutservice/saga/step-keys.ts';
import { type EmbeddedDatabase, openEmbeddedDatabase } from '../../src/lib/store/embedded-database.ts';
import type { Charge } from '../../src/paymentservice/charge.ts';
import type { Shipment } from '../../src/shippingservice/shipment.ts';

/** An entry of a ledger and its idempotency key; `undefined` when no key leads to it. */
type Keyed<V> = { readonly key: string | undefined; readonly value: V };

/** What the services of a stopped shop have stored. */
export type Ledgers = {
  readonly orders: readonly Order[];
  readonly openTasks: number;
  readonly charges: readonly Keyed<Charge>[];
  readonly shipments: readonly Keyed<Shipment>[];
};

/** Reads the databases in the folder of a stopped shop. */
export async function readLedgers(dataDirectory: string): Promise<Ledgers> {
  await using checkout = await openEmbeddedDatabase({ dataDirectory, service: 'checkoutservice' });
  await using payment = await openEmbeddedDatabase({ dataDirectory, service: 'paymentservice' });
  await using shipping = await openEmbeddedDatabase({ dataDirectory, service: 'shippingservice' });
  return {
    orders: valuesOf<Order>(checkout, 'orders'),
    openTasks: checkout.table('tasks').count(),
    charges: keyed(valuesOf<Charge>(payment, 'charges'), ({ transactionId }) => transactionId, {
      keys: resultsOf<{ readonly transactionId?: string }>(payment, 'charge-keys'),
      idOf: ({ transactionId }) => transactionId,
    }),
    shipments: keyed(valuesOf<Shipment>(shipping, 'shipments'), ({ trackingId }) => trackingId, {
      keys: resultsOf<string>(shipping, 'order-keys'),
      idOf: (trackingId) => trackingId,
    }),
  };
}

function valuesOf<V>(database: EmbeddedDatabase, table: string): V[] {
  return database
    .table<V>(table)
    .entries()
    .map(({ value }) => value);
}

function resultsOf<R>(database: EmbeddedDatabase, table: string): (readonly [key: string, result: R])[] {
  const entries = database.table<{ readonly result?: R }>(table).entries();
  return entries.flatMap(({ key, value: { result } }) => (result === undefined ? [] : [[String(key[0]), result]]));
}

function keyed<V, R>(
  values: readonly V[],
  idOf: (value: V) => string,
  results: { keys: readonly (readonly [string, R])[]; idOf: (result: R) => string | undefined },
): Keyed<V>[] {
  const keys = new Map(results.keys.map(([key, result]) => [results.idOf(result), key]));
  return values.map((value) => ({ key: keys.get(idOf(value)), value }));
}

/** Counts of a run. Each count after `shipments` must be 0. */
export type Verdict = {
  readonly orders: number;
  /** Charges that are not refunded in full. */
  readonly charges: number;
  readonly refunds: number;
  /** Shipments that are not cancelled. */
  readonly shipments: number;
  /** Orders that a shopper was shown, and that checkoutservice does not know. */
  readonly lost: number;
  /** Charges beyond one per shopper. Every shopper of a run buys once. */
  readonly chargedTwice: number;
  readonly chargedAndNotShipped: number;
  readonly shippedAndUnpaid: number;
  /** Orders without a final state, and tasks of the outbox that are left. */
  readonly unfinished: number;
};

/**
 * Judges a run by the ledgers of payment and shipping. Of checkoutservice only the purchases are used, to find which
 * shipment belongs to which charge.
 *
 * @param shown ids of the orders whose page a shopper was sent to; each shopper has one
 */
export function judge({ orders, openTasks, charges, shipments }: Ledgers, shown: readonly string[]): Verdict {
  const kept = charges.filter(({ value: { amount, refunded } }) => refunded.nanos < amount.nanos);
  const shipped = shipments.filter(({ value: { cancelled } }) => !cancelled);
  const known = new Set(orders.map(({ purchase }) => purchase.orderId));
  const pairs = orders.map(({ purchase }) => [chargeKey(purchase), shipmentKey(purchase)] as const);
  const shipmentOf = new Map<string | undefined, string>(pairs);
  const chargeOf = new Map<string | undefined, string>(pairs.map(([charge, shipment]) => [shipment, charge]));
  const [keptKeys, shippedKeys] = [kept, shipped].map((all) => new Set(all.map(({ key }) => key)));
  return {
    orders: orders.length,
    charges: kept.length,
    refunds: charges.length - kept.length,
    shipments: shipped.length,
    lost: shown.filter((orderId) => !known.has(orderId)).length,
    chargedTwice: Math.max(0, kept.length - shown.length),
    chargedAndNotShipped: kept.filter(({ key }) => !shippedKeys?.has(shipmentOf.get(key) ?? 'none')).length,
    shippedAndUnpaid: shipped.filter(({ key }) => !keptKeys?.has(chargeOf.get(key) ?? 'none')).length,
    unfinished: openTasks + orders.filter(({ state }) => state !== 'CONFIRMED' && state !== 'REJECTED').length,
  };
}
