import { concurrencyLimit, settled } from './concurrency.ts';

describe('a concurrency limit', () => {
  it('runs at most that much work at once, in order, also after a failure', async () => {
    const limit = concurrencyLimit(2);
    const started: number[] = [];
    const ends: ((error?: Error) => void)[] = [];
    const works = [0, 1, 2, 3].map((n) =>
      limit(async () => {
        started.push(n);
        await new Promise<void>((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve())));
      }),
    );
    expect(started).toEqual([0, 1]);
    ends[0]?.(new Error('failed'));
    await expect(works[0]).rejects.toThrow('failed');
    expect(started).toEqual([0, 1, 2]);
    ends[1]?.();
    await works[1];
    ends[2]?.();
    await works[2];
    expect(started).toEqual([0, 1, 2, 3]);
    ends[3]?.();
    await works[3];
    // A place is free again.
    expect(await limit(async () => 'done')).toBe('done');
  });
});

describe('settled', () => {
  it('waits for all work and throws the first failure', async () => {
    let isDone = false;
    const slow = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      isDone = true;
    });
    await expect(settled([Promise.reject(new Error('one')), slow])).rejects.toThrow('one');
    expect(isDone).toBe(true);
  });
});
