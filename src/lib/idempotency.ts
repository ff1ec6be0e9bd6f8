import { createHmac, randomBytes } from 'node:crypto';
import { DomainError } from './errors.ts';

/**
 * Remembers what was answered to each idempotency key: the same key with the same content gets the same answer, also
 * while the first one is still being made.
 */
export type IdempotentAnswers<T> = {
  /**
   * Answers a request; the work is done once a key. Without a key it is done every time. Work that fails is forgotten,
   * so that the request can be repeated.
   *
   * @param content the request as bytes, without its key; only a keyed hash of it is kept
   * @throws {DomainError} IDEMPOTENCY_KEY_REUSED when the key came with other content before
   * @throws {DomainError} IDEMPOTENCY_KEY_FENCED when the key was fenced
   */
  readonly once: (key: string | undefined, content: Uint8Array, work: () => T | Promise<T>) => Promise<T>;
  /** Answers what a key was answered with; when there is nothing yet, fences the key, so that there never will be. */
  readonly findOrFence: (key: string) => Promise<T | undefined>;
};

type Entry<T> = { readonly fingerprint: string; readonly answer: Promise<T>; readonly expiresAtMs: number };

const FENCE = 'fenced';

/**
 * Keeps the answers in memory, bounded by age and number; the oldest go first.
 *
 * @param options.ttlMs how long an answer is kept, in milliseconds
 */
export function idempotentAnswers<T>(options: {
  now: () => number;
  ttlMs: number;
  maxEntries: number;
}): IdempotentAnswers<T> {
  const entries = new Map<string, Entry<T> | { readonly fingerprint: typeof FENCE; readonly expiresAtMs: number }>();
  // Contents hold card numbers: their hash is worth nothing without this process's secret.
  const secret = randomBytes(32);
  const dropOld = (): void => {
    for (const [key, { expiresAtMs }] of entries) {
      if (expiresAtMs > options.now() && entries.size <= options.maxEntries) return;
      entries.delete(key);
    }
  };
  const expiry = (): number => options.now() + options.ttlMs;
  return {
    once: async (key, content, work) => {
      if (key === undefined) return await work();
      dropOld();
      const fingerprint = createHmac('sha256', secret).update(content).digest('base64');
      const known = entries.get(key);
      if (known?.fingerprint === FENCE) throw fenced();
      if (known !== undefined && known.fingerprint !== fingerprint) throw reused();
      if (known !== undefined && 'answer' in known) return await known.answer;
      const answer = (async () => await work())();
      entries.set(key, { fingerprint, answer, expiresAtMs: expiry() });
      try {
        return await answer;
      } catch (error) {
        entries.delete(key);
        throw error;
      }
    },
    findOrFence: async (key) => {
      dropOld();
      const known = entries.get(key);
      if (known !== undefined && 'answer' in known) return await known.answer;
      entries.set(key, { fingerprint: FENCE, expiresAtMs: expiry() });
      return undefined;
    },
  };
}

function fenced(): DomainError {
  return new DomainError('aborted', 'IDEMPOTENCY_KEY_FENCED', 'this key was given up before the call arrived');
}

function reused(): DomainError {
  const message = 'this key was used before with other content; use a new key for a new request';
  return new DomainError('already-exists', 'IDEMPOTENCY_KEY_REUSED', message);
}
