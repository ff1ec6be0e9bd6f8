import { DomainError } from '../lib/errors.ts';
import type { Mail } from './mail.ts';

export type MailSender = {
  /**
   * Resolves when the mail server has accepted the mail or the file is written. A mail may be sent again after a failure;
   * it has the same Message-ID, so mail programs can drop the duplicate.
   *
   * @throws {DomainError} MAIL_UNAVAILABLE when a retry may succeed
   * @throws {DomainError} MAIL_REFUSED when the mail server refuses this mail permanently
   */
  readonly send: (mail: Mail) => Promise<void>;
  /** Deletes the mails of an order that this sender stores. Repeatable. */
  readonly erase: (orderId: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * The error for a mail whose retry may succeed.
 *
 * @param cause is logged, so it must not contain an address
 */
export function mailUnavailable(cause: Error): DomainError {
  return new DomainError('unavailable', 'MAIL_UNAVAILABLE', 'the mail cannot be sent now, try again later', { cause });
}

/** The error for a permanent refusal. */
export function mailRefused(cause: Error): DomainError {
  const message = 'the mail server refuses this mail permanently; do not retry';
  return new DomainError('precondition', 'MAIL_REFUSED', message, { cause });
}
