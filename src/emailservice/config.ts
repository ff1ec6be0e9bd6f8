import { z } from 'zod';
import { type Environment, listeningPort, readVariables, secretVariables } from '../lib/config/config.ts';
import type { ServerConfig } from '../lib/grpc/server.ts';
import {
  type DatabaseConfig,
  databaseConfig,
  databaseVariables,
  type ProcessConfig,
  processConfig,
  serverConfig,
  serverVariables,
} from '../lib/process/process-config.ts';
import { topology } from '../topology.ts';
import { type Mailbox, readMailbox } from './mailbox.ts';

/** The environment variables it reads. */
export const variables = z.object({
  ...serverVariables,
  ...databaseVariables,
  PORT: listeningPort(topology.emailservice.port),
  ...secretVariables(
    'SMTP_URL',
    smtpUrl()
      .optional()
      .describe(
        'the server that sends the mails: `smtp://host:port` or `smtps://user:password@host:port`; without it they are written to files',
      ),
  ),
  MAIL_DIR: z
    .string()
    .default('var/mail')
    .describe('the folder of those files, one `.eml` per mail; a relative path starts at the working directory'),
  MAIL_FROM: mailbox().prefault('Mercato <orders@mercato.example>').describe('the sender of every mail'),
});

export type EmailConfig = ProcessConfig &
  DatabaseConfig & {
    readonly server: ServerConfig;
    readonly mailFrom: Mailbox;
    /** `smtp://` or `smtps://`; `undefined` writes the mails into files. */
    readonly smtpUrl: string | undefined;
    /** The directory of the files; a relative path starts at the working directory. */
    readonly mailDirectory: string;
  };

/**
 * Reads the configuration of the email service.
 *
 * @throws {ConfigError} that lists every problem
 */
export function readConfig(env: Environment): EmailConfig {
  const values = readVariables(variables, env);
  return {
    ...processConfig(values),
    server: serverConfig(values),
    ...databaseConfig('emailservice', values),
    mailFrom: values.MAIL_FROM,
    smtpUrl: values.SMTP_URL,
    mailDirectory: values.MAIL_DIR,
  };
}

function smtpUrl() {
  const expected = 'smtp://host:port or smtps://host:port, with user:password@ before the host when it needs them';
  return z.string({ error: expected }).refine(isSmtpUrl, { error: expected });
}

// The mail library parses a path or query as settings of the transport.
function isSmtpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, search, hash } = new URL(text);
  const isBare = (pathname === '' || pathname === '/') && search === '' && hash === '';
  return (protocol === 'smtp:' || protocol === 'smtps:') && hostname !== '' && isBare;
}

function mailbox() {
  const expected = 'an address such as orders@mercato.example or Mercato <orders@mercato.example>';
  return z
    .string({ error: expected })
    .refine((text) => readMailbox(text) !== undefined, { error: expected })
    .transform((text): Mailbox => readMailbox(text) ?? { name: '', address: '' });
}
