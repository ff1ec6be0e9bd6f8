import { Client } from 'pg';
import { type EmbeddedDatabase, openEmbeddedDatabase } from '../../src/lib/store/embedded-database.ts';
import type { Charge } from '../../src/paymentservice/charge.ts';
import type { Shipment } from '../../src/shippingservice/shipment.ts';

/** An entry of a ledger and its idempotency key; `undefined` when no key leads to it. */
export type Keyed<V> = { readonly key: string | undefined; readonly value: V };

/** The charges and shipments that payment and shipping have stored. */
export type Ledgers = { readonly charges: readonly Keyed<Charge>[]; readonly shipments: readonly Keyed<Shipment>[] };

/** Where the services of a run store: a folder, or PostgreSQL databases whose URL contains `{service}`. */
export type RunStore = { readonly dataDirectory: string } | { readonly databaseUrl: string };

export async function readLedgers(store: RunStore): Promise<Ledgers> {
  return 'dataDirectory' in store ? await readLmdb(store.dataDirectory) : await readPostgres(store.databaseUrl);
}

async function readLmdb(dataDirectory: string): Promise<Ledgers> {
  await using payment = await openEmbeddedDatabase({ dataDirectory, service: 'paymentservice' });
  await using shipping = await openEmbeddedDatabase({ dataDirectory, service: 'shippingservice' });
  return {
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

async function readPostgres(databaseUrl: string): Promise<Ledgers> {
  const rowsOf = async <R>(service: string, query: string): Promise<R[]> => {
    const client = new Client({ connectionString: databaseUrl.replaceAll('{service}', service) });
    await client.connect();
    try {
      return (await client.query(query)).rows as R[];
    } finally {
      await client.end();
    }
  };
  const charges = await rowsOf<{ id: string; key: string | null; currency: string; amount: string; refunded: string }>(
    'paymentservice',
    `SELECT transaction_id AS id, key, currency, amount_nanos::text AS amount, refunded_nanos::text AS refunded
     FROM charges LEFT JOIN charge_keys USING (transaction_id)`,
  );
  const shipments = await rowsOf<{ id: string; key: string | null; cancelled: boolean }>(
    'shippingservice',
    'SELECT tracking_id AS id, key, cancelled FROM shipments LEFT JOIN order_keys USING (tracking_id)',
  );
  return {
    charges: charges.map(({ id, key, currency, amount, refunded }) => ({
      key: key ?? undefined,
      value: {
        transactionId: id,
        amount: { currency, nanos: BigInt(amount) },
        refunded: { currency, nanos: BigInt(refunded) },
      },
    })),
    shipments: shipments.map(({ id, key, cancelled }) => ({
      key: key ?? undefined,
      value: { trackingId: id, cancelled },
    })),
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
