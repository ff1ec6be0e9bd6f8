import { createTransport, type NodemailerError } from 'nodemailer';
import type { DomainError } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime/runtime.ts';
import { mailMessage } from './mail-message.ts';
import { type MailSender, mailRefused, mailUnavailable } from './mail-sender.ts';
import type { Mailbox } from './mailbox.ts';
import { systemSocket } from './system-socket.ts';

/** Time limits, in milliseconds. */
export type SmtpLimits = {
  /** For the connection, and again for the greeting. */
  readonly connectMs: number;
  /** For each reply of the server. */
  readonly responseMs: number;
  /** For the whole mail. */
  readonly mailMs: number;
};

const LIMITS: SmtpLimits = { connectMs: 3000, responseMs: 4000, mailMs: 8000 };

/**
 * Sends mails by SMTP over at most five pooled connections.
 *
 * @param options.url `smtp://` (encrypted when the server offers it) or `smtps://`, with `user:password@` when needed
 */
export function openSmtpSender(options: {
  url: string;
  from: Mailbox;
  runtime: Pick<Runtime, 'now'>;
  limits?: SmtpLimits;
}): MailSender {
  const { url, from, runtime, limits = LIMITS } = options;
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 5,
    // The caller retries with its key; a second layer of retries would multiply the attempts.
    maxRequeues: 0,
    getSocket: systemSocket(limits.connectMs),
    greetingTimeout: limits.connectMs,
    socketTimeout: limits.responseMs,
    socketCloseTimeout: 500,
    idleTimeout: 30_000,
  });
  return {
    send: async (mail) => {
      const message = mailMessage(mail, { from, nowMs: runtime.now() });
      try {
        await transport.sendMail({ ...message, signal: AbortSignal.timeout(limits.mailMs) });
      } catch (error) {
        throw failureOfDelivery(error);
      }
    },
    // The mails are at the mail server; this service stores none.
    erase: async () => {},
    // The gRPC server is closed first, so no call waits for a mail in flight.
    close: async () => {
      transport.close({ force: true });
    },
  };
}

function failureOfDelivery(error: unknown): DomainError {
  const { code = 'failed', command = '?', responseCode = 0 } = error as Partial<NodemailerError>;
  // Replies of mail servers contain the address, so the cause contains only codes.
  const cause = new Error(`${code} at ${command}, answer ${responseCode}`);
  const isAboutThisMail = command === 'RCPT TO' || command === 'DATA';
  // Source: RFC 5321, 4.2.1: 5yz is a permanent refusal. 503, a bad sequence of commands, is not about the mail.
  const isPermanent = responseCode >= 500 && responseCode !== 503;
  return isAboutThisMail && isPermanent ? mailRefused(cause) : mailUnavailable(cause);
}
