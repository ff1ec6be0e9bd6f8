import { execFileSync } from 'node:child_process';
import { isAlive } from './processes.ts';

/**
 * Makes every write of a process to a file fail, as on a full disk, until the returned function is called. Node ignores
 * SIGXFSZ, so that the write returns an error.
 */
export function fillDisk(pid: number): () => void {
  const limit = (bytes: string): void => {
    execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
  };
  limit('0');
  return () => {
    if (isAlive(pid)) limit('unlimited');
  };
}
