import type { RunningService } from '../../runtime/runtime.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { testRuntime } from '../../testing/test-runtime.ts';
import type { EmbeddedDatabase } from '../embedded-database.ts';
import { type StoreAdapters, withStore } from './with-store.ts';

// Only PostgreSQL is opened on demand.
const noPostgres = (): never => {
  throw new Error('not in this test');
};
const adapters: StoreAdapters<EmbeddedDatabase> = {
  postgres: { migrations: {}, open: noPostgres },
  lmdb: { open: (database) => database },
};

describe('withStore', () => {
  const folder = temporaryFolder();
  const config = { dataDirectory: folder.path, postgres: undefined, runtime: testRuntime() };
  const isClosed = async (database: EmbeddedDatabase): Promise<boolean> =>
    await database
      .write(() => {})
      .then(
        () => false,
        () => true,
      );
  afterAll(() => folder[Symbol.dispose]());

  it('closes the database after the service', async () => {
    const closedAtEnd: boolean[] = [];
    let opened: EmbeddedDatabase | undefined;
    const service = await withStore(config, adapters, async (database): Promise<RunningService> => {
      opened = database;
      const end = async (): Promise<void> => void closedAtEnd.push(await isClosed(database));
      return { address: '127.0.0.1:1', startDraining: () => {}, [Symbol.asyncDispose]: end };
    });
    expect(service.address).toBe('127.0.0.1:1');
    await service[Symbol.asyncDispose]();
    expect(closedAtEnd).toEqual([false]);
    expect(opened && (await isClosed(opened))).toBe(true);
  });

  it('closes the database when the service does not start', async () => {
    let opened: EmbeddedDatabase | undefined;
    const started = withStore(config, adapters, async (database) => {
      opened = database;
      throw new Error('the port is in use');
    });
    await expect(started).rejects.toThrow('the port is in use');
    expect(opened && (await isClosed(opened))).toBe(true);
  });
});
