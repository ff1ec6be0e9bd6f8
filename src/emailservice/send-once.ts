import { DomainError } from '../lib/errors.ts';
import { type KeyedRequest, keyReused } from '../lib/store/idempotent-table.ts';
import type { KeyedMail, SentMailStore } from './sent-mail-store.ts';

/**
 * Sends the mail of a key once; without a key, on every call. A failed attempt frees the key. A crash between sending and
 * `markSent` sends the mail again: a mail server has no idempotency keys.
 *
 * @throws {DomainError} IDEMPOTENCY_KEY_REUSED; MAIL_UNAVAILABLE while another process sends this mail
 */
export type SendOnce = (mail: KeyedRequest, send: () => Promise<void>) => Promise<void>;

export function sendOnce({ store, now }: { store: SentMailStore; now: () => number }): SendOnce {
  // Concurrent calls with the same key in this process share one attempt.
  const attempts = new Map<string, { readonly fingerprint: string; readonly attempt: Promise<void> }>();

  const attempt = async (mail: KeyedMail, send: () => Promise<void>): Promise<void> => {
    const claim = await store.claim(mail, now());
    if (claim === 'sent') return;
    if (claim === 'claimed-by-other') {
      throw new DomainError('unavailable', 'MAIL_UNAVAILABLE', 'this mail is being sent, try again later');
    }
    try {
      await send();
    } catch (error) {
      await store.release(mail);
      throw error;
    }
    await store.markSent(mail);
  };

  return async ({ key, fingerprint }, send) => {
    if (key === undefined) return await send();
    const running = attempts.get(key);
    if (running !== undefined) {
      if (running.fingerprint !== fingerprint) throw keyReused();
      return await running.attempt;
    }
    const started = attempt({ key, fingerprint }, send).finally(() => attempts.delete(key));
    attempts.set(key, { fingerprint, attempt: started });
    return await started;
  };
}
