import { link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestRuntime, testRuntime } from '../lib/testing/test-runtime.ts';
import { type Mail, mailName } from './mail.ts';
import { openMailDirectory } from './mail-sender.files.ts';
import { readMail } from './read-mail.testing.ts';

const mail: Mail = {
  kind: 'confirmation',
  orderId: 'order-1',
  to: 'ann@example.com',
  subject: 'Your Mercato order order-1',
  text: 'Grazie! A total of €48.16.\n.\nFrom here on\n',
  html: `<p>Grazie! ${'A long line. '.repeat(200)}</p>`,
};

describe('the file sender', () => {
  const from = { name: 'Mercato', address: 'orders@mercato.example' };
  let runtime: TestRuntime;
  let scratch: string;
  let directory: string;

  beforeEach(async () => {
    runtime = testRuntime();
    scratch = await mkdtemp(join(tmpdir(), 'mercato-mail-'));
    directory = join(scratch, 'not', 'there', 'yet');
  });

  afterEach(async () => {
    await rm(scratch, { recursive: true });
  });

  const open = () => openMailDirectory({ directory, from, runtime });
  const files = async (): Promise<string[]> => (await readdir(directory)).sort();
  const read = async (name: string) => readMail(await readFile(join(directory, name), 'utf8'));

  it('writes headers, plain text and HTML', async () => {
    await open().send(mail);
    const [name = '', ...others] = await files();
    expect(others).toEqual([]);
    expect(name).toBe('20261123T120000000Z_000001_order-1_confirmation.eml');
    const { headers, text, html } = await read(name);
    expect(headers).toMatchObject({
      from: 'Mercato <orders@mercato.example>',
      to: 'ann@example.com',
      subject: 'Your Mercato order order-1',
      date: 'Mon, 23 Nov 2026 12:00:00 +0000',
      'message-id': '<order-1_confirmation@mercato.example>',
      'auto-submitted': 'auto-generated',
      'mime-version': '1.0',
    });
    expect(text.replaceAll('\r\n', '\n')).toBe(mail.text);
    expect(html).toBe(mail.html);
  });

  it('erases the mails of one order, also when there are none', async () => {
    const sender = open();
    await sender.erase('order-1');
    await sender.send(mail);
    await sender.send({ ...mail, kind: 'cancellation' });
    await sender.send({ ...mail, orderId: 'other_order-1' });
    await sender.erase('order-1');
    expect(await files()).toEqual([expect.stringMatching(/_other_order-1_confirmation\.eml$/)]);
    await sender.erase('order-1');
    expect(await files()).toHaveLength(1);
  });

  it('names files so that they sort by time', async () => {
    const sender = open();
    for (const orderId of ['b', 'a', 'c']) await sender.send({ ...mail, orderId });
    runtime.setNow(runtime.now() + 1);
    await sender.send({ ...mail, orderId: '0' });
    const ids = (await files()).map((name) => name.split('_')[2]);
    expect(ids).toEqual(['b', 'a', 'c', '0']);
  });

  it.each(['../../escape', 'a/b\\c', '..', 'x'.repeat(128), '注文 1', 'CON: <1>|*?'])(
    'stay in their directory for the order id %j, and keep it apart from others',
    async (orderId) => {
      const sender = open();
      await sender.send({ ...mail, orderId });
      await sender.send({ ...mail, orderId: orderId.replaceAll(/[^A-Za-z0-9-]/g, '_').slice(0, 80) });
      const names = await files();
      expect(names).toHaveLength(2);
      for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,150}\.eml$/);
      const ids = await Promise.all(names.map(async (name) => (await read(name)).headers['message-id']));
      expect(new Set(ids).size).toBe(2);
    },
  );

  it('writes a temporary file and renames it, so that a reader never sees part of a mail', async () => {
    const name = `20261123T120000000Z_000001_${mailName(mail)}.eml`;
    const other = join(scratch, 'other-name-of-the-same-file');
    await mkdir(directory, { recursive: true });
    await writeFile(other, 'untouched');
    await link(other, join(directory, name));
    await open().send(mail);
    expect(await files()).toEqual([name]);
    expect((await read(name)).html).toBe(mail.html);
    expect(await readFile(other, 'utf8')).toBe('untouched');
  });

  it('encodes a subject that is not ASCII', async () => {
    await open().send({ ...mail, subject: 'Your Mercato order 注文\r\nBcc: eve@example.com' });
    const [name = ''] = await files();
    const { headers } = await read(name);
    expect(headers.subject).toContain('注文');
    expect(headers).not.toHaveProperty('bcc');
  });

  it('throws MAIL_UNAVAILABLE when the directory cannot be written, and leaves no file', async () => {
    directory = join(scratch, 'a-file');
    await writeFile(directory, '');
    await expect(open().send(mail)).rejects.toMatchObject({ kind: 'unavailable', reason: 'MAIL_UNAVAILABLE' });
    expect(await readdir(scratch)).toEqual(['a-file']);
  });
});
