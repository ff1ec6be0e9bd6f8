import { idempotentAnswers } from './idempotency.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

/** Work that ends when the test says so. */
function pendingWork(): {
  work: () => Promise<string>;
  succeed: (answer: string) => void;
  fail: (error: Error) => void;
} {
  let succeed: (answer: string) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const answer = new Promise<string>((resolve, reject) => {
    succeed = resolve;
    fail = reject;
  });
  return { work: () => answer, succeed, fail };
}

describe('idempotent answers', () => {
  let nowMs = 0;
  let worked = 0;
  const count = (): string => `answer ${++worked}`;
  const newAnswers = (maxEntries = 10) => idempotentAnswers<string>({ now: () => nowMs, ttlMs: 1000, maxEntries });

  beforeEach(() => {
    nowMs = 0;
    worked = 0;
  });

  it('gives the same answer to the same key with the same content, and works once', async () => {
    const answers = newAnswers();
    expect(await answers.once('key', bytes('one'), count)).toBe('answer 1');
    expect(await answers.once('key', bytes('one'), count)).toBe('answer 1');
    expect(worked).toBe(1);
  });

  it('works once for the same key at the same time', async () => {
    const answers = newAnswers();
    const { work, succeed } = pendingWork();
    const first = answers.once('key', bytes('one'), work);
    const second = answers.once('key', bytes('one'), count);
    succeed('answer of the first');
    expect(await Promise.all([first, second])).toEqual(['answer of the first', 'answer of the first']);
    expect(worked).toBe(0);
  });

  it('works every time without a key', async () => {
    const answers = newAnswers();
    await answers.once(undefined, bytes('one'), count);
    expect(await answers.once(undefined, bytes('one'), count)).toBe('answer 2');
  });

  it('keeps keys apart', async () => {
    const answers = newAnswers();
    await answers.once('key', bytes('one'), count);
    expect(await answers.once('other', bytes('one'), count)).toBe('answer 2');
  });

  it('refuses a key that comes again with other content, also while the first is being answered', async () => {
    const answers = newAnswers();
    const { work, succeed } = pendingWork();
    const first = answers.once('key', bytes('one'), work);
    const refusal = { kind: 'already-exists', reason: 'IDEMPOTENCY_KEY_REUSED' };
    await expect(answers.once('key', bytes('two'), count)).rejects.toMatchObject(refusal);
    succeed('done');
    await first;
    await expect(answers.once('key', bytes('two'), count)).rejects.toMatchObject(refusal);
    expect(worked).toBe(0);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no luck');
      },
    ],
    ['rejects', async () => await Promise.reject(new Error('no luck'))],
  ])(
    'forgets work that %s, so that the request can be repeated or mended',
    async (_how, fails: () => Promise<string>) => {
      const answers = newAnswers();
      await expect(answers.once('key', bytes('one'), fails)).rejects.toThrow('no luck');
      expect(await answers.once('key', bytes('two'), count)).toBe('answer 1');
    },
  );

  it('finds what a key was answered with, and leaves the key as it is', async () => {
    const answers = newAnswers();
    await answers.once('key', bytes('one'), count);
    expect(await answers.findOrFence('key')).toBe('answer 1');
    expect(await answers.once('key', bytes('one'), count)).toBe('answer 1');
  });

  it('fences a key it does not know: a late call with it is refused and does nothing', async () => {
    const answers = newAnswers();
    expect(await answers.findOrFence('key')).toBeUndefined();
    expect(await answers.findOrFence('key')).toBeUndefined();
    const refusal = { kind: 'aborted', reason: 'IDEMPOTENCY_KEY_FENCED' };
    await expect(answers.once('key', bytes('one'), count)).rejects.toMatchObject(refusal);
    expect(worked).toBe(0);
  });

  it('waits for an answer that is being made', async () => {
    const answers = newAnswers();
    const { work, succeed } = pendingWork();
    const first = answers.once('key', bytes('one'), work);
    const found = answers.findOrFence('key');
    succeed('made in the end');
    expect(await found).toBe('made in the end');
    await first;
  });

  it('fences a key whose work fails while it is asked for', async () => {
    const answers = newAnswers();
    const { work, fail } = pendingWork();
    const first = answers.once('key', bytes('one'), work);
    const found = answers.findOrFence('key');
    fail(new Error('no luck'));
    await expect(first).rejects.toThrow('no luck');
    expect(await found).toBeUndefined();
    await expect(answers.once('key', bytes('one'), count)).rejects.toMatchObject({ reason: 'IDEMPOTENCY_KEY_FENCED' });
  });

  it('lets failed work take away no newer answer to its key', async () => {
    const answers = newAnswers(1);
    const { work, fail } = pendingWork();
    const first = answers.once('key', bytes('one'), work);
    await answers.once('pushes the first out', bytes('one'), count);
    expect(await answers.once('key', bytes('one'), count)).toBe('answer 2');
    fail(new Error('no luck'));
    await expect(first).rejects.toThrow('no luck');
    expect(await answers.findOrFence('key')).toBe('answer 2');
  });

  it('forgets answers and fences when their time is over', async () => {
    const answers = newAnswers();
    await answers.once('answered', bytes('one'), count);
    await answers.findOrFence('fenced');
    nowMs = 999;
    expect(await answers.once('answered', bytes('one'), count)).toBe('answer 1');
    nowMs = 1000;
    expect(await answers.once('answered', bytes('one'), count)).toBe('answer 2');
    expect(await answers.once('fenced', bytes('one'), count)).toBe('answer 3');
  });

  it('keeps only so many, the newest', async () => {
    const answers = newAnswers(2);
    for (const key of ['a', 'b', 'c']) await answers.once(key, bytes('one'), count);
    expect(await answers.findOrFence('c')).toBe('answer 3');
    expect(await answers.findOrFence('b')).toBe('answer 2');
    expect(await answers.findOrFence('a')).toBeUndefined();
  });
});
