import { createHmac, randomBytes } from 'node:crypto';
import { DomainError } from '../errors.ts';
import { expiringMap } from './expiring-map.ts';

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
  /**
   * Answers what a key was answered with, and waits for an answer that is still being made. When there is none, fences
   * the key, so that there never will be.
   */
  readonly findOrFence: (key: string) => Promise<T | undefined>;
};

type Answered<T> = { readonly fingerprint: string; readonly answer: Promise<T> };

const FENCED = Symbol('fenced');

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
  const entries = expiringMap<Answered<T> | typeof FENCED>(options);
  // Contents hold card numbers: their hash is worth nothing without this process's secret.
  const secret = randomBytes(32);
  return {
    once: async (key, content, work) => {
      if (key === undefined) return await work();
      const fingerprint = createHmac('sha256', secret).update(content).digest('base64');
      const known = entries.get(key);
      if (known === FENCED) throw fenced();
      if (known !== undefined && known.fingerprint !== fingerprint) throw reused();
      if (known !== undefined) return await known.answer;
      const entry = { fingerprint, answer: (async () => await work())() };
      entries.set(key, entry);
      try {
        return await entry.answer;
      } catch (error) {
        if (entries.get(key) === entry) entries.delete(key);
        throw error;
      }
    },
    findOrFence: async (key) => {
      for (let known = entries.get(key); known !== undefined && known !== FENCED; known = entries.get(key)) {
        try {
          return await known.answer;
        } catch {
          // Work that failed left no answer: look again, for there may be a new attempt by now.
        }
      }
      entries.set(key, FENCED);
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
