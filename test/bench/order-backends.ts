import { statSync } from 'node:fs';
import { join } from 'node:path';
import { open as openLmdb } from 'lmdb';
import { orderMigrations } from '../../src/checkoutservice/store/order-schema.postgres.ts';
import { openLmdbOrderStore } from '../../src/checkoutservice/store/order-store.lmdb.ts';
import { openPostgresOrderStore } from '../../src/checkoutservice/store/order-store.postgres.ts';
import type { OrderOperations, OrderStore } from '../../src/checkoutservice/store/order-store.ts';
import { parsePostgresUrl } from '../../src/lib/config/postgres-url.ts';
import { openEmbeddedDatabase } from '../../src/lib/store/embedded-database.ts';
import { openPostgresDatabase } from '../../src/lib/store/postgres/postgres-database.ts';
import { startPostgres } from '../../src/lib/testing/postgres-server.ts';
import { temporaryFolder } from '../../src/lib/testing/temporary-folder.ts';
import { testRuntime } from '../../src/lib/testing/test-runtime.ts';
import { databaseServices } from '../../src/topology.ts';

/** Committed transactions of all services since the databases were created, and the size of their files. */
export type Usage = { readonly transactions: number; readonly bytes: number };

/** Empty databases of a shop, to compare what they cost. */
export type OrderBackend = AsyncDisposable & {
  readonly name: string;
  /** The variables of a shop on these databases. */
  readonly env: Readonly<Record<string, string>>;
  readonly openStore: () => Promise<AsyncDisposable & { readonly store: OrderStore & OrderOperations }>;
  /** Of databases that a shop uses or has used. */
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
      const each = await Promise.all(databaseServices.map((service) => usageOf(join(dataDirectory, service))));
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

/** Databases on a PostgreSQL server of their own, which syncs each transaction to disk. */
export async function postgresBackend(): Promise<OrderBackend> {
  const server = await startPostgres();
  const url = await server.createEach(databaseServices);
  const address = parsePostgresUrl(url, 'checkoutservice');
  if (address === undefined) throw new Error(`not a URL: ${url}`);
  return {
    name: 'PostgreSQL',
    env: { DATABASE_URL: url },
    openStore: async () => {
      const runtime = testRuntime();
      const database = await openPostgresDatabase({ address, migrations: orderMigrations, runtime });
      const close = async (): Promise<void> => await database[Symbol.asyncDispose]();
      return { store: openPostgresOrderStore({ database, newId }), [Symbol.asyncDispose]: close };
    },
    usage: async () => {
      const statement = `SELECT sum(xact_commit)::float AS transactions, sum(pg_database_size(datname))::float AS bytes
        FROM pg_stat_database WHERE datname LIKE '%service'`;
      const [row] = (await server.run(statement)) as readonly Usage[];
      if (row === undefined) throw new Error('no statistics');
      return row;
    },
    [Symbol.asyncDispose]: async () => await server[Symbol.asyncDispose](),
  };
}

/** How to create empty databases of each store. */
export const orderBackends: readonly (() => Promise<OrderBackend>)[] = [async () => lmdbBackend(), postgresBackend];
