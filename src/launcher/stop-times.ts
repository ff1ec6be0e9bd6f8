import { startWaves } from '../topology.ts';

const MIN_LIMIT_MS = 100;

/** SHUTDOWN_LIMIT_MS of a service's process: shorter than the time after which the launcher kills it. */
export function serviceLimitMs(shopLimitMs: number): number {
  return Math.max(Math.floor(shopLimitMs * 0.6), MIN_LIMIT_MS);
}

/**
 * Milliseconds from now after which the processes of a wave are killed. A tenth of the shop's limit is reserved for each
 * later wave and one for the launcher itself, so that no process outlives the limit even when all of them hang.
 *
 * @param passedMs time since the shutdown began
 * @param wave index of the wave in stop order
 */
export function killAfterMs(shopLimitMs: number, passedMs: number, wave: number): number {
  const laterWaves = startWaves().length - wave;
  return Math.max(shopLimitMs - passedMs - (laterWaves * shopLimitMs) / 10, 0);
}
