import type { SendMailOptions } from 'nodemailer';
import { type Mail, mailName } from './mail.ts';
import { domainOf, type Mailbox } from './mailbox.ts';

/**
 * Returns the mail as a message for the mail library.
 *
 * @param options.nowMs the Date header, in milliseconds since 1970
 */
export function mailMessage(mail: Mail, options: { from: Mailbox; nowMs: number }): SendMailOptions {
  const { from, nowMs } = options;
  return {
    from: { ...from },
    // An object, because the library parses a string, possibly into several addresses.
    to: { name: '', address: mail.to },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    date: new Date(nowMs),
    messageId: `<${mailName(mail)}@${domainOf(from.address)}>`,
    // Suppresses automatic replies. Source: RFC 3834, 5.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
