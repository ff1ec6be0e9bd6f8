import { readConfig } from './config.ts';

describe('the configuration of the email service', () => {
  it('writes files below the working directory by default', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      smtpUrl: undefined,
      mailDirectory: 'var/mail',
      mailFrom: { name: 'Mercato', address: 'orders@mercato.example' },
    });
    expect(config.server.port).toBe(8080);
  });

  it.each(['smtp://mailpit:1025', 'smtps://mail.example.com', 'smtp://user:p%40ss@mail.example.com:587/'])(
    'takes %s for a mail server',
    (url) => {
      expect(readConfig({ SMTP_URL: url }).smtpUrl).toBe(url);
    },
  );

  it.each(['mailpit:1025', 'http://mailpit:1025', 'smtp://', 'smtp://mailpit?pool=false', 'smtp://mailpit/inbox'])(
    'refuses %s for a mail server, and says what it expects',
    (url) => {
      expect(() => readConfig({ SMTP_URL: url })).toThrow(/SMTP_URL=.*: expected smtp:\/\/host:port or smtps:/);
    },
  );

  it('refuses a sender that is not a valid mailbox', () => {
    expect(() => readConfig({ MAIL_FROM: 'Mercato' })).toThrow(/MAIL_FROM=Mercato: expected an address such as/);
    expect(readConfig({ MAIL_FROM: 'shop@example.com' }).mailFrom.address).toBe('shop@example.com');
  });
});
