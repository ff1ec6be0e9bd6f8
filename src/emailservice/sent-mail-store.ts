import type { KeyedRequest } from '../lib/store/idempotent-table.ts';

/** A key and the mail that it stands for. */
export type KeyedMail = KeyedRequest & { readonly key: string };

/** Remembers which mails were sent, by idempotency key. Each function is one transaction. */
export type SentMailStore = {
  /**
   * Claims a mail for one sender. Returns `sent` when it was sent before, and `claimed-by-other` while another process
   * sends it. A claim expires after {@link CLAIM_MS}: its process has crashed.
   *
   * @throws {DomainError} IDEMPOTENCY_KEY_REUSED when the key stands for another mail
   */
  readonly claim: (mail: KeyedMail, nowMs: number) => Promise<'claimed' | 'claimed-by-other' | 'sent'>;
  readonly markSent: (mail: KeyedMail) => Promise<void>;
  /** Gives up a claim, and the key with it: the same key may then stand for another mail. */
  readonly release: (mail: KeyedMail) => Promise<void>;
};

/** Longer than the deadline of a call that sends a mail, in milliseconds. */
export const CLAIM_MS = 10_000;
