import type { DatabaseConfig } from '../../process/process-config.ts';
import { type RunningService, runningService } from '../../runtime/runtime.ts';
import { type EmbeddedDatabase, openEmbeddedDatabase } from '../embedded-database.ts';
import type { Migrations } from './migrate.ts';
import type { PostgresDatabase, StoreRuntime } from './postgres-database.ts';

/** A store in PostgreSQL and in files of this machine. */
export type StoreAdapters<S> = {
  readonly postgres: { readonly migrations: Migrations; readonly open: (database: PostgresDatabase) => S };
  readonly lmdb: { readonly open: (database: EmbeddedDatabase) => S };
};

/** Calls the listener with the readiness of the store, now and after each change. */
export type OnReady = PostgresDatabase['onReady'];

/** A store that is open. Disposing it closes its database. */
export type OpenStore<S> = AsyncDisposable & { readonly store: S; readonly onReady: OnReady };

type WithRuntime = DatabaseConfig & { readonly runtime: StoreRuntime };

/**
 * Opens the store of a service: in PostgreSQL when the configuration names a database, otherwise in files.
 *
 * @throws {ConfigError} when the database cannot be used. A server that cannot be reached makes the store not ready.
 */
export async function openStore<S>(config: WithRuntime, { postgres, lmdb }: StoreAdapters<S>): Promise<OpenStore<S>> {
  const { runtime, postgres: address, dataDirectory } = config;
  if (address === undefined) {
    const database = await openEmbeddedDatabase({ dataDirectory, service: runtime.service });
    const close = async (): Promise<void> => await database[Symbol.asyncDispose]();
    return { store: lmdb.open(database), onReady: (listener) => listener(true), [Symbol.asyncDispose]: close };
  }
  // Loaded on demand: the shop of one machine has no PostgreSQL.
  const { openPostgresDatabase } = await import('./postgres-database.ts');
  const database = await openPostgresDatabase({ address, migrations: postgres.migrations, runtime });
  const close = async (): Promise<void> => await database[Symbol.asyncDispose]();
  return { store: postgres.open(database), onReady: database.onReady, [Symbol.asyncDispose]: close };
}

/**
 * Starts a service on its store. The database is closed after the service, and when the service does not start.
 *
 * @throws {ConfigError} when the database cannot be used. A server that cannot be reached makes the store not ready.
 */
export async function withStore<S>(
  config: WithRuntime,
  adapters: StoreAdapters<S>,
  start: (store: S, onReady: OnReady) => Promise<RunningService>,
): Promise<RunningService> {
  const opened = await openStore(config, adapters);
  const close = async (): Promise<void> => await opened[Symbol.asyncDispose]();
  try {
    return runningService(await start(opened.store, opened.onReady), [close]);
  } catch (error) {
    await close();
    throw error;
  }
}
