import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath } from '../runtime/project-root.ts';
import { repeatableRandom } from '../testing/repeatable-random.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { type DiskEvent, traceWrites } from '../testing/traced-writes.ts';
import { openEmbeddedDatabase } from './embedded-database.ts';

const PAGE_BYTES = 4096;
const VALUE = 'x'.repeat(1500);

/** Stores pairs of entries, one after the other and then at the same time. Prints the number of each that is acknowledged. */
const WRITER = `
  const { writeSync } = require('node:fs');
  const { openEmbeddedDatabase } = require(process.argv[1]);
  openEmbeddedDatabase({ dataDirectory: process.argv[2], service: 'service' }).then(async (database) => {
    const table = database.table('pairs');
    const store = async (number) => {
      await database.write(() => {
        for (const part of ['first', 'second']) table.put([number, part], '${VALUE}');
      });
      writeSync(1, 'stored ' + number + '\\n');
    };
    writeSync(1, 'opened\\n');
    for (let number = 1; number <= 6; number += 1) await store(number);
    await Promise.all([7, 8, 9, 10, 11, 12].map(store));
    await database[Symbol.asyncDispose]();
  });
`;

/** Changes the bytes of a file. */
function apply(disk: Buffer, { offset, bytes }: { readonly offset: number; readonly bytes: Buffer }): Buffer {
  const size = Math.max(disk.length, offset + bytes.length);
  const next = Buffer.alloc(size);
  disk.copy(next);
  bytes.copy(next, offset);
  return next;
}

type PageWrite = { readonly offset: number; readonly bytes: Buffer };

function pagesOf({ offset, bytes }: PageWrite): PageWrite[] {
  const count = Math.ceil(bytes.length / PAGE_BYTES);
  return Array.from({ length: count }, (_, page) => ({
    offset: offset + page * PAGE_BYTES,
    bytes: bytes.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES),
  }));
}

/** What may be on disk when the power fails after each event, with what was acknowledged before. */
function failuresAfter(events: readonly DiskEvent[]) {
  const random = repeatableRandom(42);
  let disk = Buffer.alloc(0) as Buffer;
  let unsynced: PageWrite[] = [];
  const acknowledged: number[] = [];
  let isOpen = false;
  return events.flatMap((event) => {
    if (event.type === 'sync') {
      disk = unsynced.reduce(apply, disk);
      unsynced = [];
    } else if (event.type === 'write') {
      if (event.isSynced) disk = apply(disk, event);
      else unsynced.push(...pagesOf(event));
    } else if (event.text.startsWith('stored')) acknowledged.push(Number(event.text.split(' ')[1]));
    else isOpen = true;
    if (!isOpen) return [];
    // The system may have written any of the pages that were not synced.
    const kept = unsynced.filter(() => random(2) === 0);
    return [{ disk: kept.reduce(apply, disk), acknowledged: [...acknowledged] }];
  });
}

describe('a database after a loss of power', () => {
  it('contains every acknowledged transaction, and no part of another one', async () => {
    using folder = temporaryFolder();
    const root = realpathSync(folder.path);
    const module = projectPath('dist/lib/store/embedded-database.js');
    const events = traceWrites(WRITER, [module, join(root, 'written')], join(root, 'written', 'service', 'data.mdb'));
    const failures = failuresAfter(events);
    expect(failures.at(-1)?.acknowledged).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    for (const [index, { disk, acknowledged }] of failures.entries()) {
      const dataDirectory = join(root, `failure-${index}`);
      mkdirSync(join(dataDirectory, 'service'), { recursive: true });
      writeFileSync(join(dataDirectory, 'service', 'data.mdb'), disk);
      await using database = await openEmbeddedDatabase({ dataDirectory, service: 'service' });
      const entries = database.table<string>('pairs').entries();
      expect(entries.every(({ value }) => value === VALUE)).toBe(true);
      const numbers = entries.filter(({ key }) => key[1] === 'first').map(({ key }) => key[0]);
      expect(entries).toHaveLength(2 * numbers.length);
      expect({ index, numbers }).toEqual({ index, numbers: expect.arrayContaining(acknowledged) });
    }
  });
});
