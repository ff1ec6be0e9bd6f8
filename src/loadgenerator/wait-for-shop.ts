import type { Logger } from '../lib/log/logger.ts';
import { runLines } from './log-lines.ts';
import { pause } from './pause.ts';

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 2000;

/**
 * Waits until the storefront is healthy, polling with growing intervals. Returns false when the wait timed out or was
 * aborted.
 *
 * @param options.maxStartupWaitMs longest wait, in milliseconds; `undefined` sets no limit
 */
export async function waitForShop(
  options: {
    isHealthy: () => Promise<boolean>;
    maxStartupWaitMs: number | undefined;
    target: string;
    log: Logger;
  },
  ending: AbortSignal,
): Promise<boolean> {
  const { isHealthy, target, log } = options;
  const timeoutAt = performance.now() + (options.maxStartupWaitMs ?? Number.POSITIVE_INFINITY);
  for (let backoffMs = FIRST_BACKOFF_MS; !ending.aborted; backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS)) {
    if (await isHealthy()) return true;
    if (backoffMs === FIRST_BACKOFF_MS) log.write(runLines.waiting, { target });
    const leftMs = timeoutAt - performance.now();
    if (leftMs <= 0) break;
    await pause(Math.min(backoffMs, leftMs), ending);
  }
  return false;
}
