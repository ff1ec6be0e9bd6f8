import { DomainError } from '../lib/errors.ts';
import type { Mail } from './mail.ts';

/** Gets mails on their way. */
export type MailSender = {
  /**
   * Answers once the mail is in other hands. After a failure it may be sent again: its Message-ID is the same, so that a
   * reader who gets both sees one.
   *
   * @throws {DomainError} MAIL_UNAVAILABLE when it may work later
   * @throws {DomainError} MAIL_REFUSED when the mail server does not take this mail, whenever it is sent
   */
  readonly send: (mail: Mail) => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * The failure of a mail that may go out later.
 *
 * @param cause what went wrong; it is logged, so it must not hold an address
 */
export function mailUnavailable(cause: Error): DomainError {
  return new DomainError('unavailable', 'MAIL_UNAVAILABLE', 'the mail cannot be sent now, try again later', { cause });
}

/** The failure of a mail that the mail server will never take. */
export function mailRefused(cause: Error): DomainError {
  const message = 'the mail server does not take this mail; trying again will not help';
  return new DomainError('precondition', 'MAIL_REFUSED', message, { cause });
}
