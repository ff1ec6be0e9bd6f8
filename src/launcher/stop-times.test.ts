import { startWaves } from '../topology.ts';
import { killAfterMs, serviceLimitMs } from './stop-times.ts';

const LIMIT_MS = 10_000;

describe('the time limit of a shutdown', () => {
  it('lets a service report its own timeout before the launcher kills it', () => {
    expect(serviceLimitMs(LIMIT_MS)).toBeLessThan(killAfterMs(LIMIT_MS, 0, 0));
  });

  it('is not exceeded even when every wave has to be killed', () => {
    let passedMs = 0;
    for (const wave of startWaves().keys()) {
      const takenMs = killAfterMs(LIMIT_MS, passedMs, wave);
      expect(takenMs).toBeGreaterThanOrEqual(LIMIT_MS / 10);
      passedMs += takenMs;
    }
    expect(passedMs).toBeLessThanOrEqual(LIMIT_MS * 0.9);
  });

  it('is never negative, and not shorter than the minimum limit of a service', () => {
    expect(killAfterMs(LIMIT_MS, LIMIT_MS * 2, 0)).toBe(0);
    expect(serviceLimitMs(100)).toBe(100);
  });
});
