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

  it('asks less and less often, at most two seconds apart, and says so once', async () => {
    const { log, logs } = testRuntime();
    const beganAt = performance.now();
    const askedAt: number[] = [];
    const isHealthy = async (): Promise<boolean> => askedAt.push(performance.now() - beganAt) === 8;
    const waiting = waitForShop({ isHealthy, patienceMs: undefined, target: 'frontend:80', log }, signal);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await waiting).toBe(true);
    expect(askedAt).toEqual([0, 100, 300, 700, 1500, 3100, 5100, 7100]);
    expect(logs.lines).toMatchObject([{ msg: 'storefront unavailable, waiting', target: 'frontend:80' }]);
  });

  it('gives up when its patience is over, asking one last time', async () => {
    const askedAt: number[] = [];
    const beganAt = performance.now();
    const isHealthy = async (): Promise<boolean> => askedAt.push(performance.now() - beganAt) === 0;
    const waiting = waitForShop({ isHealthy, patienceMs: 450, target: 'frontend:80', log: testRuntime().log }, signal);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await waiting).toBe(false);
    expect(askedAt).toEqual([0, 100, 300, 450]);
  });

  it('says nothing about a shop that is there', async () => {
    const { log, logs } = testRuntime();
    const isHealthy = async (): Promise<boolean> => true;
    expect(await waitForShop({ isHealthy, patienceMs: 1, target: 'frontend:80', log }, signal)).toBe(true);
    expect(logs.lines).toEqual([]);
  });
});
