import { idempotentResponses } from './idempotency.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

/** Work that ends when the test calls `succeed` or `fail`. */
function pendingWork(): {
  work: () => Promise<string>;
  succeed: (response: string) => void;
  fail: (error: Error) => void;
} {
  let succeed: (response: string) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const response = new Promise<string>((resolve, reject) => {
    succeed = resolve;
    fail = reject;
  });
  return { work: () => response, succeed, fail };
}

describe('idempotentAnswers', () => {
  let nowMs = 0;
  let worked = 0;
  const count = (): string => `response ${++worked}`;
  const newResponses = (maxEntries = 10) => idempotentResponses<string>({ now: () => nowMs, ttlMs: 1000, maxEntries });

  beforeEach(() => {
    nowMs = 0;
    worked = 0;
  });

  it('runs the work once for a key and content, and returns the same response to a repeated call', async () => {
    const responses = newResponses();
    expect(await responses.once('key', bytes('one'), count)).toBe('response 1');
    expect(await responses.once('key', bytes('one'), count)).toBe('response 1');
    expect(worked).toBe(1);
  });

  it('runs the work once for concurrent calls with the same key', async () => {
    const responses = newResponses();
    const { work, succeed } = pendingWork();
    const first = responses.once('key', bytes('one'), work);
    const second = responses.once('key', bytes('one'), count);
    succeed('response of the first');
    expect(await Promise.all([first, second])).toEqual(['response of the first', 'response of the first']);
    expect(worked).toBe(0);
  });

  it('runs the work on every call without a key', async () => {
    const responses = newResponses();
    await responses.once(undefined, bytes('one'), count);
    expect(await responses.once(undefined, bytes('one'), count)).toBe('response 2');
  });

  it('runs the work for each key', async () => {
    const responses = newResponses();
    await responses.once('key', bytes('one'), count);
    expect(await responses.once('other', bytes('one'), count)).toBe('response 2');
  });

  it('refuses a key that is reused with other content, even while the first call is in flight', async () => {
    const responses = newResponses();
    const { work, succeed } = pendingWork();
    const first = responses.once('key', bytes('one'), work);
    const refusal = { kind: 'already-exists', reason: 'IDEMPOTENCY_KEY_REUSED' };
    await expect(responses.once('key', bytes('two'), count)).rejects.toMatchObject(refusal);
    succeed('done');
    await first;
    await expect(responses.once('key', bytes('two'), count)).rejects.toMatchObject(refusal);
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
      const responses = newResponses();
      await expect(responses.once('key', bytes('one'), fails)).rejects.toThrow('failed');
      expect(await responses.once('key', bytes('two'), count)).toBe('response 1');
    },
  );

  it('finds the response to a key without changing it', async () => {
    const responses = newResponses();
    await responses.once('key', bytes('one'), count);
    expect(await responses.findOrFence('key')).toBe('response 1');
    expect(await responses.once('key', bytes('one'), count)).toBe('response 1');
  });

  it('fences an unknown key: a late call with that key is refused and its work does not run', async () => {
    const responses = newResponses();
    expect(await responses.findOrFence('key')).toBeUndefined();
    expect(await responses.findOrFence('key')).toBeUndefined();
    const refusal = { kind: 'aborted', reason: 'IDEMPOTENCY_KEY_FENCED' };
    await expect(responses.once('key', bytes('one'), count)).rejects.toMatchObject(refusal);
    expect(worked).toBe(0);
  });

  it('waits for a response in flight', async () => {
    const responses = newResponses();
    const { work, succeed } = pendingWork();
    const first = responses.once('key', bytes('one'), work);
    const found = responses.findOrFence('key');
    succeed('late response');
    expect(await found).toBe('late response');
    await first;
  });

  it('fences a key whose work fails during the lookup', async () => {
    const responses = newResponses();
    const { work, fail } = pendingWork();
    const first = responses.once('key', bytes('one'), work);
    const found = responses.findOrFence('key');
    fail(new Error('failed'));
    await expect(first).rejects.toThrow('failed');
    expect(await found).toBeUndefined();
    await expect(responses.once('key', bytes('one'), count)).rejects.toMatchObject({
      reason: 'IDEMPOTENCY_KEY_FENCED',
    });
  });

  it('keeps a newer response when earlier work with the same key fails', async () => {
    const responses = newResponses(1);
    const { work, fail } = pendingWork();
    const first = responses.once('key', bytes('one'), work);
    await responses.once('evicts the first key', bytes('one'), count);
    expect(await responses.once('key', bytes('one'), count)).toBe('response 2');
    fail(new Error('failed'));
    await expect(first).rejects.toThrow('failed');
    expect(await responses.findOrFence('key')).toBe('response 2');
  });

  it('forgets responses and fences after their time to live', async () => {
    const responses = newResponses();
    await responses.once('answered', bytes('one'), count);
    await responses.findOrFence('fenced');
    nowMs = 999;
    expect(await responses.once('answered', bytes('one'), count)).toBe('response 1');
    nowMs = 1000;
    expect(await responses.once('answered', bytes('one'), count)).toBe('response 2');
    expect(await responses.once('fenced', bytes('one'), count)).toBe('response 3');
  });

  it('evicts the oldest responses when it is full', async () => {
    const responses = newResponses(2);
    for (const key of ['a', 'b', 'c']) await responses.once(key, bytes('one'), count);
    expect(await responses.findOrFence('c')).toBe('response 3');
    expect(await responses.findOrFence('b')).toBe('response 2');
    expect(await responses.findOrFence('a')).toBeUndefined();
  });
});
