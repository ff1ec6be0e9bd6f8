import { idempotentAnswers } from './idempotency.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

/** Work that ends when the test calls `succeed` or `fail`. */
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

describe('idempotentAnswers', () => {
  let nowMs = 0;
  let worked = 0;
  const count = (): string => `answer ${++worked}`;
  const newAnswers = (maxEntries = 10) => idempotentAnswers<string>({ now: () => nowMs, ttlMs: 1000, maxEntries });

  beforeEach(() => {
    nowMs = 0;
    worked = 0;
  });

  it('runs the work once for a key and content, and returns the same answer to a repeated call', async () => {
    const answers = newAnswers();
    expect(await answers.once('key', bytes('one'), count)).toBe('answer 1');
    expect(await answers.once('key', bytes('one'), count)).toBe('answer 1');
    expect(worked).toBe(1);
  });

  it('runs the work once for concurrent calls with the same key', async () => {
    const answers = newAnswers();
    const { work, succeed } = pendingWork();
    const first = answers.once('key', bytes('one'), work);
    const second = answers.once('key', bytes('one'), count);
    succeed('answer of the first');
    expect(await Promise.all([first, second])).toEqual(['answer of the first', 'answer of the first']);
    expect(worked).toBe(0);
  });

  it('runs the work on every call without a key', async () => {
    const answers = newAnswers();
    await answers.once(undefined, bytes('one'), count);
    expect(await answers.once(undefined, bytes('one'), count)).toBe('answer 2');
  });

  it('runs the work for each key', async () => {
    const answers = newAnswers();
    await answers.once('key', bytes('one'), count);
    expect(await answers.once('other', bytes('one'), count)).toBe('answer 2');
  });

  it('refuses a key that is reused with other content, even while the first call is in flight', async () => {
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
        throw new Error('failed');
      },
    ],
    ['rejects', async () => await Promise.reject(new Error('failed'))],
  ])(
    'forgets work that %s, so that the request can be retried or corrected',
    async (_how, fails: () => Promise<string>) => {
      const answers = newAnswers();
      await expect(answers.once('key', bytes('one'), fails)).rejects.toThrow('failed');
      expect(await answers.once('key', bytes('two'), count)).toBe('answer 1');
    },
  );

  it('finds the answer to a key without changing it', async () => {
    const answers = newAnswers();
    await answers.once('key', bytes('one'), count);
    expect(await answers.findOrFence('key')).toBe('answer 1');
    expect(await answers.once('key', bytes('one'), count)).toBe('answer 1');
  });

  it('fences an unknown key: a late call with that key is refused and its work does not run', async () => {
    const answers = newAnswers();
    expect(await answers.findOrFence('key')).toBeUndefined();
    expect(await answers.findOrFence('key')).toBeUndefined();
    const refusal = { kind: 'aborted', reason: 'IDEMPOTENCY_KEY_FENCED' };
    await expect(answers.once('key', bytes('one'), count)).rejects.toMatchObject(refusal);
    expect(worked).toBe(0);
  });

  it('waits for an answer in flight', async () => {
    const answers = newAnswers();
    const { work, succeed } = pendingWork();
    const first = answers.once('key', bytes('one'), work);
    const found = answers.findOrFence('key');
    succeed('late answer');
    expect(await found).toBe('late answer');
    await first;
  });

  it('fences a key whose work fails during the lookup', async () => {
    const answers = newAnswers();
    const { work, fail } = pendingWork();
    const first = answers.once('key', bytes('one'), work);
    const found = answers.findOrFence('key');
    fail(new Error('failed'));
    await expect(first).rejects.toThrow('failed');
    expect(await found).toBeUndefined();
    await expect(answers.once('key', bytes('one'), count)).rejects.toMatchObject({ reason: 'IDEMPOTENCY_KEY_FENCED' });
  });

  it('keeps a newer answer when earlier work with the same key fails', async () => {
    const answers = newAnswers(1);
    const { work, fail } = pendingWork();
    const first = answers.once('key', bytes('one'), work);
    await answers.once('evicts the first key', bytes('one'), count);
    expect(await answers.once('key', bytes('one'), count)).toBe('answer 2');
    fail(new Error('failed'));
    await expect(first).rejects.toThrow('failed');
    expect(await answers.findOrFence('key')).toBe('answer 2');
  });

  it('forgets answers and fences after their time to live', async () => {
    const answers = newAnswers();
    await answers.once('answered', bytes('one'), count);
    await answers.findOrFence('fenced');
    nowMs = 999;
    expect(await answers.once('answered', bytes('one'), count)).toBe('answer 1');
    nowMs = 1000;
    expect(await answers.once('answered', bytes('one'), count)).toBe('answer 2');
    expect(await answers.once('fenced', bytes('one'), count)).toBe('answer 3');
  });

  it('evicts the oldest answers when it is full', async () => {
    const answers = newAnswers(2);
    for (const key of ['a', 'b', 'c']) await answers.once(key, bytes('one'), count);
    expect(await answers.findOrFence('c')).toBe('answer 3');
    expect(await answers.findOrFence('b')).toBe('answer 2');
    expect(await answers.findOrFence('a')).toBeUndefined();
  });
});
