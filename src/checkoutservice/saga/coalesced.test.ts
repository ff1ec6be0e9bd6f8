import { coalesced } from './coalesced.ts';

describe('coalesced work', () => {
  const open = () => {
    const ends: (() => void)[] = [];
    const fails: ((error: Error) => void)[] = [];
    const work = coalesced(
      () =>
        new Promise<void>((resolve, reject) => {
          ends.push(resolve);
          fails.push(reject);
        }),
    );
    return { ends, fails, work };
  };

  it('runs once more for all calls that arrive during a run', async () => {
    const { ends, work } = open();
    const first = work();
    const later = [work(), work(), work()];
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await first;
    await Promise.resolve();
    expect(ends).toHaveLength(2);
    ends[1]?.();
    await Promise.all(later);
    expect(ends).toHaveLength(2);
  });

  it('starts at once when no run is in flight', async () => {
    const { ends, work } = open();
    for (let run = 1; run <= 3; run += 1) {
      const done = work();
      expect(ends).toHaveLength(run);
      ends[run - 1]?.();
      await done;
    }
  });

  it('rejects only the calls of the failed run and starts the next run', async () => {
    const { ends, fails, work } = open();
    const [first, second] = [work(), work()];
    fails[0]?.(new Error('first'));
    await expect(first).rejects.toThrow('first');
    await Promise.resolve();
    ends[1]?.();
    await second;
  });
});
