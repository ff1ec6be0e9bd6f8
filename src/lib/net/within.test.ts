import { answerWithin, within } from './within.ts';

describe('waiting within a limit', () => {
  const never = new Promise<void>(() => {});

  it('ends with the work, and no later', async () => {
    const startedAt = performance.now();
    await within(20_000, Promise.resolve());
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('ends at the limit when the work does not', async () => {
    const startedAt = performance.now();
    await within(50, never);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(49);
  });

  it('fails with the work', async () => {
    await expect(within(20_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });
});

describe('waiting for an answer within a limit', () => {
  it('gives the answer, or fails as the work does', async () => {
    expect(await answerWithin(20_000, Promise.resolve(7))).toBe(7);
    await expect(answerWithin(20_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });

  it('fails at the limit', async () => {
    await expect(answerWithin(10, new Promise(() => {}))).rejects.toThrow('no answer within 10 ms');
  });
});
