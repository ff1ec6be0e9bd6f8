import type { SendMailOptions } from 'nodemailer';
import { type Mail, mailName } from './mail.ts';
import { domainOf, type Mailbox } from './mailbox.ts';

/**
 * The mail as a message to be composed: plain text and HTML, nothing fetched from anywhere.
 *
 * @param options.nowMs the date it carries, in milliseconds since 1970
 */
export function mailMessage(mail: Mail, options: { from: Mailbox; nowMs: number }): SendMailOptions {
  const { from, nowMs } = options;
  return {
    from: { ...from },
    // An object and not a text: a text would be parsed, and could be read as several addresses.
    to: { name: '', address: mail.to },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    date: new Date(nowMs),
    messageId: `<${mailName(mail)}@${domainOf(from.address)}>`,
    // Source: RFC 3834, 5: no machine is to answer it.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
