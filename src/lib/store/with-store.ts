import type { DatabaseConfig } from '../process/process-config.ts';
import { type RunningService, type Runtime, runningService } from '../runtime/runtime.ts';
import type { EmbeddedDatabase } from './embedded-database.ts';
import type { Migrations } from './postgres/migrate.ts';
import type { PostgresDatabase } from './postgres/postgres-database.ts';
import { withDatabase } from './with-database.ts';

/** A store in PostgreSQL and in files of this machine. */
export type StoreAdapters<S> = {
  readonly postgres: { readonly migrations: Migrations; readonly open: (database: PostgresDatabase) => S };
  readonly lmdb: { readonly open: (database: EmbeddedDatabase) => S };
};

/** Calls the listener with the readiness of the store, now and after each change. */
export type OnReady = PostgresDatabase['onReady'];

/**
 * Starts a service on its store: in PostgreSQL when the configuration names a database, otherwise in files. The database is
 * closed after the service, and when the service does not start.
 *
 * @throws {ConfigError} when the database cannot be used. A server that cannot be reached makes the store not ready.
 */
export async function withStore<S>(
  config: DatabaseConfig & { readonly runtime: Pick<Runtime, 'log' | 'service'> },
  { postgres, lmdb }: StoreAdapters<S>,
  start: (store: S, onReady: OnReady) => Promise<RunningService>,
): Promise<RunningService> {
  const { runtime, postgres: address, dataDirectory } = config;
  if (address === undefined) {
    const alwaysReady: OnReady = (listener) => listener(true);
    return await withDatabase({ dataDirectory, service: runtime.service }, (database) =>
      start(lmdb.open(database), alwaysReady),
    );
  }
  // Loaded on demand: the shop of one machine has no PostgreSQL.
  const { openPostgresDatabase } = await import('./postgres/postgres-database.ts');
  const database = await openPostgresDatabase({ address, migrations: postgres.migrations, runtime });
  const close = async (): Promise<void> => await database[Symbol.asyncDispose]();
  try {
    return runningService(await start(postgres.open(database), database.onReady), [close]);
  } catch (error) {
    await close();
    throw error;
  }
}
