import { resultWithTimeLimit, withTimeLimit } from './with-time-limit.ts';

describe('withTimeLimit', () => {
  const never = new Promise<void>(() => {});

  it('resolves with the work and clears its timer', async () => {
    jest.useFakeTimers();
    try {
      await withTimeLimit(20_000, Promise.resolve());
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  it('resolves at the limit when the work has not ended', async () => {
    jest.useFakeTimers();
    try {
      let hasEnded = false;
      const waiting = withTimeLimit(50, never).then(() => {
        hasEnded = true;
      });
      await jest.advanceTimersByTimeAsync(49);
      expect(hasEnded).toBe(false);
      await jest.advanceTimersByTimeAsync(1);
      await waiting;
      expect(hasEnded).toBe(true);
    } finally {
      jest.useRealTimers();
    }
  });

  it('rejects with the error of the work', async () => {
    await expect(withTimeLimit(20_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });
});

describe('resultWithTimeLimit', () => {
  it('returns the result of the work or rejects with its error', async () => {
    expect(await resultWithTimeLimit(20_000, Promise.resolve(7))).toBe(7);
    await expect(resultWithTimeLimit(20_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });

  it('rejects at the limit', async () => {
    await expect(resultWithTimeLimit(10, new Promise(() => {}))).rejects.toThrow('no response within 10 ms');
  });
});
