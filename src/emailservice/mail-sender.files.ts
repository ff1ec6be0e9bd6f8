import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Runtime } from '../lib/runtime/runtime.ts';
import { LETTER_KINDS } from './letter.ts';
import { mailName } from './mail.ts';
import { mailMessage } from './mail-message.ts';
import { type MailSender, mailUnavailable } from './mail-sender.ts';
import type { Mailbox } from './mailbox.ts';

/**
 * Writes each mail as one `.eml` file. The names sort by time. A file appears only when it is complete.
 *
 * @param options.directory created when it is missing; a relative path starts at the working directory
 */
export function openMailDirectory(options: {
  directory: string;
  from: Mailbox;
  runtime: Pick<Runtime, 'now' | 'newId'>;
}): MailSender {
  const { from, runtime } = options;
  const directory = resolve(options.directory);
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  let written = 0;
  return {
    send: async (mail) => {
      const nowMs = runtime.now();
      const { message } = await composer.sendMail(mailMessage(mail, { from, nowMs }));
      if (!Buffer.isBuffer(message)) throw new Error('the composed mail is not a buffer');
      written += 1;
      // The number separates and orders mails of the same millisecond.
      const time = new Date(nowMs).toISOString().replace(/[-:.]/g, '');
      const name = `${time}_${String(written).padStart(6, '0')}_${mailName(mail)}.eml`;
      await writeWhole({ directory, name, temporaryName: `.${runtime.newId()}.tmp` }, message);
    },
    erase: async (orderId) => {
      const mailNames = LETTER_KINDS.map((kind) => mailName({ orderId, kind }));
      const names = await readdir(directory).catch(whenAbsent);
      const mails = names.filter((name) => mailNames.includes(/^[^_]+_\d+_(.*)\.eml$/.exec(name)?.[1] ?? ''));
      await Promise.all(mails.map((name) => rm(join(directory, name), { force: true })));
    },
    close: async () => {},
  };
}

// The folder is created with the first mail.
function whenAbsent(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw mailUnavailable(error);
}

async function writeWhole(
  file: { directory: string; name: string; temporaryName: string },
  content: Buffer,
): Promise<void> {
  const temporary = join(file.directory, file.temporaryName);
  try {
    // A mail contains personal data.
    await mkdir(file.directory, { recursive: true, mode: 0o700 });
    await writeFile(temporary, content, { mode: 0o600, flush: true });
    await rename(temporary, join(file.directory, file.name));
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {
      // Removing often fails for the same reason; report the first failure.
    });
    throw mailUnavailable(cause instanceof Error ? cause : new Error(String(cause)));
  }
}
