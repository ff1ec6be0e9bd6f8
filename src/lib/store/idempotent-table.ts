import { createHash } from 'node:crypto';
import { DomainError } from '../errors.ts';
import type { EmbeddedDatabase } from './embedded-database.ts';

/** A request as an idempotency key sees it. */
export type KeyedRequest = {
  /** Without a key, every call does the work. */
  readonly key: string | undefined;
  /** Equal for equal requests: see {@link fingerprintOf}. */
  readonly fingerprint: string;
};

/** The results of idempotency keys. Both functions run inside of a transaction of the database. */
export type IdempotentTable<T> = {
  /**
   * Returns the result of the key; when it has none, does the work and keeps its result. Work that throws leaves nothing.
   *
   * @throws {DomainError} IDEMPOTENCY_KEY_REUSED when the key was used with another fingerprint
   * @throws {DomainError} IDEMPOTENCY_KEY_FENCED when the key was fenced
   */
  readonly once: (request: KeyedRequest, work: () => T) => { readonly result: T; readonly isRepeat: boolean };
  /** Returns the result of a key. When it has none, fences the key: a later call with it is refused. */
  readonly findOrFence: (key: string) => T | undefined;
};

type Known<T> =
  | { readonly fenced: true; readonly fingerprint?: undefined; readonly result?: undefined }
  | { readonly fingerprint: string; readonly result: T };

/** Keeps the results of idempotency keys in a table of a database. */
export function idempotentTable<T>(database: Pick<EmbeddedDatabase, 'table'>, name: string): IdempotentTable<T> {
  const table = database.table<Known<T>>(name);
  return {
    once: ({ key, fingerprint }, work) => {
      if (key === undefined) return { result: work(), isRepeat: false };
      const known = table.get([key]);
      if (known === undefined) {
        const result = work();
        table.put([key], { fingerprint, result });
        return { result, isRepeat: false };
      }
      return { result: resultForRepeat(known, fingerprint), isRepeat: true };
    },
    findOrFence: (key) => {
      const known = table.get([key]);
      if (known === undefined) table.put([key], { fenced: true });
      return known?.result;
    },
  };
}

/**
 * A fingerprint of a request.
 *
 * @param content the encoded request without its key, and without secrets that few guesses would find, such as a card number
 */
export function fingerprintOf(...content: Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of content) hash.update(part);
  return hash.digest('base64');
}

/**
 * Returns the result that is stored for a key, to a repeat of the request that stored it.
 *
 * @param stored.result `undefined` when the key is fenced
 * @throws {DomainError} IDEMPOTENCY_KEY_REUSED when the fingerprints differ
 * @throws {DomainError} IDEMPOTENCY_KEY_FENCED
 */
export function resultForRepeat<T>(
  stored: { readonly fingerprint?: string | null | undefined; readonly result?: T | undefined },
  fingerprint: string,
): T {
  if (stored.result === undefined) {
    throw new DomainError('aborted', 'IDEMPOTENCY_KEY_FENCED', 'this key was given up before the call arrived');
  }
  if (stored.fingerprint !== fingerprint) throw keyReused();
  return stored.result;
}

/** The refusal of a key that was used with another fingerprint. */
export function keyReused(): DomainError {
  const message = 'this key was used before with other content; use a new key for a new request';
  return new DomainError('already-exists', 'IDEMPOTENCY_KEY_REUSED', message);
}
