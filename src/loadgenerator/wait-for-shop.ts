import type { Logger } from '../lib/log/logger.ts';
import { runLines } from './log-lines.ts';
import { pause } from './pause.ts';

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 2000;

/**
 * Waits until the storefront is healthy, asking less and less often. Answers false when it was given up.
 *
 * @param options.patienceMs longest wait, in milliseconds; `undefined` waits for ever
 */
export async function waitForShop(
  options: {
    isHealthy: () => Promise<boolean>;
    patienceMs: number | undefined;
    target: string;
    log: Logger;
  },
  ending: AbortSignal,
): Promise<boolean> {
  const { isHealthy, target, log } = options;
  const giveUpAt = performance.now() + (options.patienceMs ?? Number.POSITIVE_INFINITY);
  for (let backoffMs = FIRST_BACKOFF_MS; !ending.aborted; backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS)) {
    if (await isHealthy()) return true;
    if (backoffMs === FIRST_BACKOFF_MS) log.write(runLines.waiting, { target });
    const leftMs = giveUpAt - performance.now();
    if (leftMs <= 0) break;
    await pause(Math.min(backoffMs, leftMs), ending);
  }
  return false;
}
