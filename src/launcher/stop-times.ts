import { startWaves } from '../topology.ts';

const MIN_LIMIT_MS = 100;

/** What a service's process may take to end by itself, in milliseconds: less than it has until it is killed. */
export function serviceLimitMs(shopLimitMs: number): number {
  return Math.max(Math.floor(shopLimitMs * 0.6), MIN_LIMIT_MS);
}

/**
 * When the processes of a wave are killed, in milliseconds from now. A tenth of the shop's time is left to each wave that is
 * still to come, and one to the launcher itself: whoever hangs, nobody is left behind when that time is over.
 *
 * @param passedMs since the shop began to stop
 * @param wave 0 for the first that stops
 */
export function killAfterMs(shopLimitMs: number, passedMs: number, wave: number): number {
  const stillToCome = startWaves().length - wave;
  return Math.max(shopLimitMs - passedMs - (stillToCome * shopLimitMs) / 10, 0);
}
