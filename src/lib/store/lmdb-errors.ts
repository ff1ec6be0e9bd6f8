import { statfsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const REASON_WAIT_MS = 1000;
const FULL_BELOW_BYTES = 64 * 1024;

/** Returns the error of LMDB or of the file system behind a failed transaction; `undefined` for any other error. */
export async function writeFailure(error: unknown): Promise<Error | undefined> {
  if (!(error instanceof Error)) return undefined;
  if ('commitError' in error) {
    // A promise that rejects with the reason as soon as LMDB has reported it.
    const rejected = Promise.resolve(error.commitError).catch((reason: unknown) => reason);
    const reason = await Promise.race([rejected, pause(REASON_WAIT_MS, undefined, { ref: false })]);
    return reason instanceof Error ? reason : error;
  }
  // LMDB numbers its errors; an error of the work in the transaction has no number.
  return 'code' in error && typeof error.code === 'number' ? error : undefined;
}

/** Describes a failure to write to a folder for its operator. LMDB reports a full disk as an input/output error. */
export function describeWriteFailure(folder: string, failure: unknown): string {
  const message = failure instanceof Error ? failure.message : String(failure);
  return `${folder} cannot be written: ${isFull(folder) ? 'the disk is full' : message}`;
}

/** True when less than 64 KiB are free. */
export function isFull(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < FULL_BELOW_BYTES;
  } catch {
    return false;
  }
}
