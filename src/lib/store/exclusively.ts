import { rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 10;
// A process that was killed leaves its file behind.
const STALE_AFTER_MS = 10_000;

/** Runs work while no other process does work with the same lock file, which exists only for that time. */
export async function exclusively<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  while (!create(lockFile)) {
    if (ageMs(lockFile) > STALE_AFTER_MS) rmSync(lockFile, { force: true });
    else await pause(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

function create(lockFile: string): boolean {
  try {
    writeFileSync(lockFile, '', { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function ageMs(lockFile: string): number {
  return Date.now() - (statSync(lockFile, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
}
