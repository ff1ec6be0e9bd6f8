import { EmailServiceDefinition } from '../genproto/hipstershop/email.ts';
import { startGrpcServer } from '../lib/grpc/server.ts';
import { type RunningService, type Runtime, runningService } from '../lib/runtime/runtime.ts';
import { withStore } from '../lib/store/postgres/with-store.ts';
import { topology } from '../topology.ts';
import type { EmailConfig } from './config.ts';
import { emailEvents } from './events.ts';
import { emailHandlers } from './handlers.ts';
import { openMailDirectory } from './mail-sender.files.ts';
import { openSmtpSender } from './mail-sender.smtp.ts';
import { tracedSender } from './mail-sender.traced.ts';
import { sendOnce } from './send-once.ts';
import { openLmdbSentMailStore } from './sent-mail-store.lmdb.ts';
import { openPostgresSentMailStore, sentMailMigrations } from './sent-mail-store.postgres.ts';

/**
 * Starts the email service. It is ready while the mail server is unavailable, because callers retry their mails.
 *
 * @throws {ConfigError} when its database cannot be used
 * @throws {Error} when its address is taken
 */
export async function start(config: EmailConfig, runtime: Runtime): Promise<RunningService> {
  const from = config.mailFrom;
  const { tracer, now } = runtime;
  const adapters = {
    postgres: { migrations: sentMailMigrations, open: openPostgresSentMailStore },
    lmdb: { open: openLmdbSentMailStore },
  };
  const sender =
    config.smtpUrl === undefined
      ? tracedSender(openMailDirectory({ directory: config.mailDirectory, from, runtime }), { tracer, system: 'files' })
      : tracedSender(openSmtpSender({ url: config.smtpUrl, from, runtime }), { tracer, system: 'smtp' });
  try {
    const running = await withStore({ ...config, runtime }, adapters, async (store, onReady) => {
      const server = await startGrpcServer({
        definition: EmailServiceDefinition,
        handlers: emailHandlers({ sender, sendOnce: sendOnce({ store, now }), events: emailEvents(runtime) }),
        protoFile: topology.emailservice.protoFile,
        config: config.server,
        runtime,
        defaultDeadlineMs: 10_000,
      });
      onReady(server.setReady);
      return server;
    });
    return runningService(running, [() => sender.close()]);
  } catch (error) {
    await sender.close();
    throw error;
  }
}
