import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { exclusively } from './exclusively.ts';

describe('exclusively', () => {
  const folder = temporaryFolder();
  const lockFile = join(folder.path, 'lock');
  afterAll(() => folder[Symbol.dispose]());

  it('runs work one after the other, also after work that failed', async () => {
    let running = 0;
    const work = async (): Promise<void> => {
      running += 1;
      expect(running).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    const failing = exclusively(lockFile, async () => await Promise.reject(new Error('failed')));
    await expect(failing).rejects.toThrow('failed');
    await Promise.all(Array.from({ length: 5 }, () => exclusively(lockFile, work)));
    expect(existsSync(lockFile)).toBe(false);
  });

  it('removes the file of a process that was killed', async () => {
    writeFileSync(lockFile, '');
    utimesSync(lockFile, 0, 0);
    expect(await exclusively(lockFile, async () => 'done')).toBe('done');
  });
});
