import { resultWithTimeLimit, withTimeLimit } from './with-time-limit.ts';

describe('waiting within a limit', () => {
  const never = new Promise<void>(() => {});

  it('ends with the work and clears its timer', async () => {
    jest.useFakeTimers();
    try {
      await withTimeLimit(20_000, Promise.resolve());
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  it('ends at the limit when the work does not', async () => {
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

  it('fails with the work', async () => {
    await expect(withTimeLimit(20_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });
});

describe('waiting for an answer within a limit', () => {
  it('gives the answer, or fails as the work does', async () => {
    expect(await resultWithTimeLimit(20_000, Promise.resolve(7))).toBe(7);
    await expect(resultWithTimeLimit(20_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });

  it('fails at the limit', async () => {
    await expect(resultWithTimeLimit(10, new Promise(() => {}))).rejects.toThrow('no answer within 10 ms');
  });
});
