import { createHmac, randomBytes } from 'node:crypto';
import { DomainError } from '../errors.ts';
import { expiringMap } from './expiring-map.ts';

/**
 * Remembers the response to each idempotency key: repeated and concurrent calls with the same key and content get the same
 * response.
 */
export type IdempotentResponses<T> = {
  /**
   * Runs the work once per key and returns its response. Without a key, the work runs on every call. Work that fails is
   * forgotten, so that the request can be retried.
   *
   * @param content the request as bytes, without its key; only a keyed hash of it is kept
   * @throws {DomainError} IDEMPOTENCY_KEY_REUSED when the key was used with other content
   * @throws {DomainError} IDEMPOTENCY_KEY_FENCED when the key was fenced
   */
  readonly once: (key: string | undefined, content: Uint8Array, work: () => T | Promise<T>) => Promise<T>;
  /**
   * Returns the response to a key; waits for one that is in flight. When there is none, fences the key: a later call with it is
   * refused.
   */
  readonly findOrFence: (key: string) => Promise<T | undefined>;
};

type Entry<T> = { readonly fingerprint: string; readonly response: Promise<T> };

const FENCED = Symbol('fenced');

/**
 * Keeps the responses in memory, bounded by age and number; the oldest are evicted first.
 *
 * @param options.ttlMs time to live of a response, in milliseconds
 */
export function idempotentResponses<T>(options: {
  now: () => number;
  ttlMs: number;
  maxEntries: number;
}): IdempotentResponses<T> {
  const entries = expiringMap<Entry<T> | typeof FENCED>(options);
  // Contents include card numbers: a hash without a secret could be reversed by trying every number.
  const secret = randomBytes(32);
  return {
    once: async (key, content, work) => {
      if (key === undefined) return await work();
      const fingerprint = createHmac('sha256', secret).update(content).digest('base64');
      const known = entries.get(key);
      if (known === FENCED) throw fenced();
      if (known !== undefined && known.fingerprint !== fingerprint) throw reused();
      if (known !== undefined) return await known.response;
      const entry = { fingerprint, response: (async () => await work())() };
      entries.set(key, entry);
      try {
        return await entry.response;
      } catch (error) {
        if (entries.get(key) === entry) entries.delete(key);
        throw error;
      }
    },
    findOrFence: async (key) => {
      for (let known = entries.get(key); known !== undefined && known !== FENCED; known = entries.get(key)) {
        try {
          return await known.response;
        } catch {
          // Failed work leaves no response; look again, because a retry may be in flight.
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
