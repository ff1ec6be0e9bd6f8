import { Resolver } from 'node:dns';
import { freePort } from '../lib/testing/free-port.ts';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import type { Mail } from './mail.ts';
import { openSmtpSender } from './mail-sender.smtp.ts';
import type { MailSender } from './mail-sender.ts';
import { readMail } from './read-mail.testing.ts';
import { type SmtpReplies, startSmtpServer, type TestSmtpServer } from './smtp-server.testing.ts';

const mail: Mail = {
  kind: 'cancellation',
  orderId: 'order-1',
  to: 'ann@example.com',
  subject: 'Your Mercato order order-1 was cancelled: €48.16 refunded',
  text: '.starts with a dot\n..with two\n',
  html: '<p>Grazie! €48.16</p>',
};

describe('the SMTP sender', () => {
  const limits = { connectMs: 2000, responseMs: 2000, mailMs: 5000 };
  let server: TestSmtpServer;
  let sender: MailSender;

  const start = async (replies: SmtpReplies, changed: Partial<typeof limits> = {}): Promise<void> => {
    server = await startSmtpServer(replies);
    sender = open(server.url, changed);
  };
  const open = (url: string, changed: Partial<typeof limits> = {}): MailSender => {
    const from = { name: 'Mercato', address: 'orders@mercato.example' };
    return openSmtpSender({ url, from, runtime: testRuntime(), limits: { ...limits, ...changed } });
  };
  const failure = async (): Promise<{ reason: string; cause: Error }> =>
    await sender.send(mail).then(
      () => Promise.reject(new Error('the mail was sent')),
      (error) => error,
    );

  afterEach(async () => {
    await sender.close();
    await server[Symbol.asyncDispose]();
  });

  it('transmits the complete mail', async () => {
    await start({});
    await sender.send(mail);
    expect(server.mails).toHaveLength(1);
    const [received] = server.mails;
    expect(received).toMatchObject({ from: 'orders@mercato.example', to: ['ann@example.com'] });
    const { headers, text, html } = readMail(received?.raw ?? '');
    expect(headers).toMatchObject({
      subject: mail.subject,
      to: 'ann@example.com',
      'message-id': '<order-1_cancellation@mercato.example>',
    });
    expect(text.replaceAll('\r\n', '\n')).toBe(mail.text);
    expect(html).toBe(mail.html);
  });

  it('resolves the server with the resolver of the system, not with DNS queries', async () => {
    await start({});
    const questions = jest.spyOn(Resolver.prototype, 'resolve4');
    await sender.close();
    sender = open(server.url.replace('127.0.0.1', 'localhost'));
    await sender.send(mail);
    expect(server.mails).toHaveLength(1);
    expect(questions).not.toHaveBeenCalled();
    questions.mockRestore();
  });

  it('reuses the connection for the next mail', async () => {
    await start({});
    for (const orderId of ['1', '2', '3']) await sender.send({ ...mail, orderId });
    expect(server.mails.map(({ raw }) => readMail(raw).headers['message-id'])).toEqual([
      '<1_cancellation@mercato.example>',
      '<2_cancellation@mercato.example>',
      '<3_cancellation@mercato.example>',
    ]);
  });

  it('sends again when the server is available again', async () => {
    const port = await freePort();
    sender = open(`smtp://127.0.0.1:${port}`);
    await expect(sender.send(mail)).rejects.toMatchObject({ kind: 'unavailable', reason: 'MAIL_UNAVAILABLE' });
    server = await startSmtpServer({}, port);
    await sender.send(mail);
    expect(server.mails).toHaveLength(1);
  });

  it('throws MAIL_UNAVAILABLE when the server sends no greeting', async () => {
    await start({ greets: false }, { connectMs: 150 });
    const { reason, cause } = await failure();
    expect([reason, cause.message]).toEqual(['MAIL_UNAVAILABLE', 'ETIMEDOUT at CONN, answer 0']);
  });

  it('throws MAIL_UNAVAILABLE when the whole mail takes too long', async () => {
    await start({ onMail: () => new Promise(() => {}) }, { mailMs: 200 });
    const { reason, cause } = await failure();
    expect([reason, cause.message]).toEqual(['MAIL_UNAVAILABLE', 'EABORT at ?, answer 0']);
  });

  it.each([
    ['450 mailbox busy', 'MAIL_UNAVAILABLE'],
    ['550 no such user', 'MAIL_REFUSED'],
  ])('maps the reply %j to %s, without the address in the cause', async (onRecipient, reason) => {
    await start({ onRecipient: `${onRecipient} <ann@example.com>` });
    const refused = await failure();
    expect(refused.reason).toBe(reason);
    expect(refused.cause.message).toBe(`EENVELOPE at RCPT TO, answer ${onRecipient.slice(0, 3)}`);
  });

  it('fails when the server refuses the content of a mail', async () => {
    await start({ onMail: async () => '452 disk full' });
    expect(await failure()).toMatchObject({ reason: 'MAIL_UNAVAILABLE' });
    expect(server.mails).toEqual([]);
  });
});
