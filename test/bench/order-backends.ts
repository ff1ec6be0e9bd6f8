import { statSync } from 'node:fs';
import { join } from 'node:path';
import { open as openLmdb } from 'lmdb';
import { openLmdbOrderStore } from '../../src/checkoutservice/store/order-store.lmdb.ts';
import type { OrderOperations, OrderStore } from '../../src/checkoutservice/store/order-store.ts';
import { openEmbeddedDatabase } from '../../src/lib/store/embedded-database.ts';
import { temporaryFolder } from '../../src/lib/testing/temporary-folder.ts';
import { testRuntime } from '../../src/lib/testing/test-runtime.ts';

/** The services that store what belongs to an order. */
const SERVICES = ['checkoutservice', 'paymentservice', 'shippingservice', 'emailservice'] as const;

/** Transactions and stored bytes of all services since the databases were created. */
export type Usage = { readonly transactions: number; readonly bytes: number };

/** Empty databases of a shop, to compare what they cost. */
export type OrderBackend = AsyncDisposable & {
  readonly name: string;
  /** The variables of a shop on these databases. */
  readonly env: Readonly<Record<string, string>>;
  readonly openStore: () => Promise<AsyncDisposable & { readonly store: OrderStore & OrderOperations }>;
  /** Of databases that a shop has used. */
  readonly usage: () => Promise<Usage>;
};

const { newId } = testRuntime();

/** The databases in files of this machine. */
export function lmdbBackend(): OrderBackend {
  const folder = temporaryFolder();
  const dataDirectory = join(folder.path, 'data');
  return {
    name: 'LMDB',
    env: { DATA_DIR: dataDirectory },
    openStore: async () => {
      const database = await openEmbeddedDatabase({ dataDirectory, service: 'checkoutservice' });
      const close = async (): Promise<void> => await database[Symbol.asyncDispose]();
      return { store: openLmdbOrderStore({ database, newId }), [Symbol.asyncDispose]: close };
    },
    usage: async () => {
      const each = await Promise.all(SERVICES.map((service) => usageOf(join(dataDirectory, service))));
      return {
        transactions: each.reduce((sum, { transactions }) => sum + transactions, 0),
        bytes: each.reduce((sum, { bytes }) => sum + bytes, 0),
      };
    },
    [Symbol.asyncDispose]: async () => folder[Symbol.dispose](),
  };
}

async function usageOf(folder: string): Promise<Usage> {
  const database = openLmdb({ path: folder, readOnly: true });
  const { lastTxnId } = database.getStats() as { readonly lastTxnId: number };
  await database.close();
  return { transactions: lastTxnId, bytes: statSync(join(folder, 'data.mdb')).size };
}

/** How to create empty databases of each store. */
export const orderBackends: readonly (() => Promise<OrderBackend>)[] = [async () => lmdbBackend()];
