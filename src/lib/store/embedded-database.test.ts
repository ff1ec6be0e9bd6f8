import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { type EmbeddedDatabase, openEmbeddedDatabase } from './embedded-database.ts';

const folder = temporaryFolder();
const openIn = async (dataDirectory: string): Promise<EmbeddedDatabase> =>
  await openEmbeddedDatabase({ dataDirectory, service: 'testservice' });

afterAll(() => folder[Symbol.dispose]());

describe('a table', () => {
  let database: EmbeddedDatabase;

  beforeAll(async () => {
    database = await openIn(join(folder.path, 'tables'));
  });
  afterAll(async () => await database[Symbol.asyncDispose]());

  it('returns what was put, and nothing after it was removed', async () => {
    const table = database.table<{ readonly nanos: bigint }>('amounts');
    await database.write(() => table.put(['a'], { nanos: 10n ** 20n }));
    expect(table.get(['a'])).toEqual({ nanos: 10n ** 20n });
    await database.write(() => table.remove(['a']));
    expect(table.get(['a'])).toBeUndefined();
  });

  it('lists and counts the entries below a prefix in the order of their keys, in both directions', async () => {
    const table = database.table<string>('list');
    const keys = [
      ['ann', 1],
      ['ann', 2],
      ['ann', 10],
      ['ann b', 1],
      ['bob', 1],
      ['anna', 1],
    ] as const;
    await database.write(() => {
      for (const key of keys) table.put(key, key.join(' '));
    });
    const values = (...args: Parameters<typeof table.entries>) => table.entries(...args).map(({ value }) => value);
    expect(values(['ann'])).toEqual(['ann 1', 'ann 2', 'ann 10']);
    expect(values(['ann'], { reverse: true, limit: 2 })).toEqual(['ann 10', 'ann 2']);
    expect(values(['ann'], { reverse: true, after: ['ann', 10] })).toEqual(['ann 2', 'ann 1']);
    expect(values(['ann'], { after: ['ann', 1] })).toEqual(['ann 2', 'ann 10']);
    expect(values(['ann'], { through: ['ann', 2] })).toEqual(['ann 1', 'ann 2']);
    expect(values()).toHaveLength(6);
    expect([table.count(['ann']), table.count(), table.count(['zoe'])]).toEqual([3, 6, 0]);
    expect(table.entries(['bob'])).toEqual([{ key: ['bob', 1], value: 'bob 1' }]);
  });

  it('refuses a change outside of a transaction', () => {
    expect(() => database.table('amounts').put(['a'], 1)).toThrow('outside of a transaction');
    expect(() => database.table('amounts').remove(['a'])).toThrow('outside of a transaction');
  });
});

describe('a transaction', () => {
  it('sees its own changes, and stores nothing when it throws', async () => {
    await using database = await openIn(join(folder.path, 'throws'));
    const table = database.table<number>('counts');
    const failing = database.write(() => {
      table.put(['a'], 1);
      expect(table.get(['a'])).toBe(1);
      throw new Error('changed its mind');
    });
    const other = database.write(() => table.put(['b'], 2));
    await expect(failing).rejects.toThrow('changed its mind');
    await other;
    expect([table.get(['a']), table.get(['b'])]).toEqual([undefined, 2]);
  });

  it('runs alone: concurrent increments are all counted', async () => {
    await using database = await openIn(join(folder.path, 'increments'));
    const table = database.table<number>('counts');
    const increment = async () => await database.write(() => table.put(['n'], (table.get(['n']) ?? 0) + 1));
    await Promise.all(Array.from({ length: 100 }, increment));
    expect(table.get(['n'])).toBe(100);
  });

  it('is found after the database was closed and opened again', async () => {
    const path = join(folder.path, 'again');
    {
      await using first = await openIn(path);
      await first.write(() => first.table('counts').put(['a'], 1));
    }
    await using second = await openIn(path);
    expect(second.table('counts').get(['a'])).toBe(1);
  });
});

describe('opening a database', () => {
  const dataFile = (name: string): string => join(folder.path, name, 'testservice', 'data.mdb');
  const filled = async (name: string): Promise<void> => {
    await using database = await openIn(join(folder.path, name));
    const table = database.table<string>('rows');
    await database.write(() => {
      for (let n = 0; n < 200; n += 1) table.put([n], 'x'.repeat(500));
    });
  };
  const refusal = async (name: string): Promise<string> => {
    const failure: unknown = await openIn(join(folder.path, name)).catch((error: unknown) => error);
    if (!(failure instanceof Error)) throw new Error('it was opened');
    return `${failure.name}: ${failure.message}`.replaceAll(folder.path, '');
  };

  it('is refused below a path that is no folder, with the name of the setting', async () => {
    writeFileSync(join(folder.path, 'a-file'), '');
    expect(await refusal('a-file')).toMatch(
      /^ConfigError: DATA_DIR=\/a-file: \/a-file\/testservice is not a writable folder \(/,
    );
  });

  it('is refused for a file that is not of LMDB', async () => {
    await filled('garbage');
    writeFileSync(dataFile('garbage'), Buffer.alloc(16_384, 7));
    expect(await refusal('garbage')).toBe(
      'ConfigError: DATA_DIR=/garbage: /garbage/testservice/data.mdb cannot be read: it is not an LMDB file, or its first pages are damaged. Restore it, or remove the folder',
    );
  });

  it('is refused for a file that is cut off', async () => {
    await filled('short');
    truncateSync(dataFile('short'), 20_480);
    expect(await refusal('short')).toMatch(/cannot be read: it is cut off: 20480 of at least \d+ bytes/);
  });

  it('is refused for data of a newer version', async () => {
    await filled('newer');
    const raw = open<string, string[]>({ path: join(folder.path, 'newer', 'testservice'), encoding: 'string' });
    await raw.put(['format'], '2');
    await raw.close();
    expect(await refusal('newer')).toBe(
      'ConfigError: DATA_DIR=/newer: /newer/testservice has format 2, and this version of testservice reads up to 1. Start the newer version, or choose another folder',
    );
  });
});
