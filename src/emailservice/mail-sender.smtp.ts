import { createTransport, type NodemailerError } from 'nodemailer';
import type { DomainError } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime/runtime.ts';
import { mailMessage } from './mail-message.ts';
import { type MailSender, mailRefused, mailUnavailable } from './mail-sender.ts';
import type { Mailbox } from './mailbox.ts';
import { systemSocket } from './system-socket.ts';

/** How long to wait for a mail server, in milliseconds. */
export type SmtpLimits = {
  /** For a connection and for the greeting on it. */
  readonly connectMs: number;
  /** For each of its answers. */
  readonly answerMs: number;
  /** For the whole mail, however slowly the answers trickle. */
  readonly mailMs: number;
};

const LIMITS: SmtpLimits = { connectMs: 3000, answerMs: 4000, mailMs: 8000 };

/**
 * Sends mails by SMTP over a few connections that stay open.
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
    // The caller repeats, with its key; a second layer of repetition would multiply the attempts.
    maxRequeues: 0,
    getSocket: systemSocket(limits.connectMs),
    greetingTimeout: limits.connectMs,
    socketTimeout: limits.answerMs,
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
    // The server is closed before: whatever is still being sent has no one left who waits for it.
    close: async () => {
      transport.close({ force: true });
    },
  };
}

function failureOfDelivery(error: unknown): DomainError {
  const { code = 'failed', command = '?', responseCode = 0 } = error as Partial<NodemailerError>;
  // The texts of mail servers repeat the address: the cause is made of codes alone.
  const cause = new Error(`${code} at ${command}, answer ${responseCode}`);
  const isAboutThisMail = command === 'RCPT TO' || command === 'DATA';
  // Source: RFC 5321, 4.2.1: 5yz is a permanent refusal. 503, a bad sequence of commands, is not about the mail.
  const isPermanent = responseCode >= 500 && responseCode !== 503;
  return isAboutThisMail && isPermanent ? mailRefused(cause) : mailUnavailable(cause);
}
