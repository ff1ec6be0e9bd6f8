import type { StoreConfig } from '../process/process-config.ts';
import { type RunningService, type Runtime, runningService } from '../runtime/runtime.ts';
import { type EmbeddedDatabase, openEmbeddedDatabase } from './embedded-database.ts';

/**
 * Starts a service on its database, which is closed after the service, and when the service does not start.
 *
 * @throws {ConfigError} when the data cannot be opened
 */
export async function withDatabase(
  { dataDirectory, service }: StoreConfig & Pick<Runtime, 'service'>,
  start: (database: EmbeddedDatabase) => Promise<RunningService>,
): Promise<RunningService> {
  const database = await openEmbeddedDatabase({ dataDirectory, service });
  const close = async (): Promise<void> => await database[Symbol.asyncDispose]();
  try {
    return runningService(await start(database), [close]);
  } catch (error) {
    await close();
    throw error;
  }
}
