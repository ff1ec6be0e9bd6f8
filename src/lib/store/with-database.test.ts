import type { RunningService } from '../runtime/runtime.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import type { EmbeddedDatabase } from './embedded-database.ts';
import { withDatabase } from './with-database.ts';

describe('withDatabase', () => {
  const folder = temporaryFolder();
  const config = { dataDirectory: folder.path, service: 'testservice' };
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
    const service = await withDatabase(config, async (database): Promise<RunningService> => {
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
    const started = withDatabase(config, async (database) => {
      opened = database;
      throw new Error('the port is in use');
    });
    await expect(started).rejects.toThrow('the port is in use');
    expect(opened && (await isClosed(opened))).toBe(true);
  });
});
