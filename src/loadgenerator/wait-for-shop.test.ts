import { testRuntime } from '../lib/testing/test-runtime.ts';
import { waitForShop } from './wait-for-shop.ts';

describe('the wait for the shop', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const { signal } = new AbortController();

  it('polls with intervals that grow up to two seconds, and logs that once', async () => {
    const { log, logs } = testRuntime();
    const beganAt = performance.now();
    const polledAt: number[] = [];
    const isHealthy = async (): Promise<boolean> => polledAt.push(performance.now() - beganAt) === 8;
    const waiting = waitForShop({ isHealthy, maxStartupWaitMs: undefined, target: 'frontend:80', log }, signal);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await waiting).toBe(true);
    expect(polledAt).toEqual([0, 100, 300, 700, 1500, 3100, 5100, 7100]);
    expect(logs.lines).toMatchObject([{ msg: 'storefront unavailable, waiting', target: 'frontend:80' }]);
  });

  it('returns false after a last poll at the end of its time limit', async () => {
    const polledAt: number[] = [];
    const beganAt = performance.now();
    const isHealthy = async (): Promise<boolean> => polledAt.push(performance.now() - beganAt) === 0;
    const waiting = waitForShop(
      { isHealthy, maxStartupWaitMs: 450, target: 'frontend:80', log: testRuntime().log },
      signal,
    );
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await waiting).toBe(false);
    expect(polledAt).toEqual([0, 100, 300, 450]);
  });

  it('logs nothing when the storefront is healthy', async () => {
    const { log, logs } = testRuntime();
    const isHealthy = async (): Promise<boolean> => true;
    expect(await waitForShop({ isHealthy, maxStartupWaitMs: 1, target: 'frontend:80', log }, signal)).toBe(true);
    expect(logs.lines).toEqual([]);
  });
});
