import { EmailServiceDefinition } from '../genproto/hipstershop/email.ts';
import { startGrpcServer } from '../lib/grpc/server.ts';
import { type RunningService, type Runtime, runningService } from '../lib/runtime/runtime.ts';
import { idempotentResponses } from '../lib/store/idempotency.ts';
import { topology } from '../topology.ts';
import type { EmailConfig } from './config.ts';
import { emailEvents } from './events.ts';
import { emailHandlers } from './handlers.ts';
import { openMailDirectory } from './mail-sender.files.ts';
import { openSmtpSender } from './mail-sender.smtp.ts';
import { tracedSender } from './mail-sender.traced.ts';

const SENT_TTL_MS = 24 * 3600 * 1000;
const MAX_SENT_KEYS = 100_000;

/**
 * Starts the email service. It is ready while the mail server is unavailable, because callers retry their mails.
 *
 * @throws {Error} when its address is taken
 */
export async function start(config: EmailConfig, runtime: Runtime): Promise<RunningService> {
  const from = config.mailFrom;
  const { tracer } = runtime;
  const sender =
    config.smtpUrl === undefined
      ? tracedSender(openMailDirectory({ directory: config.mailDirectory, from, runtime }), { tracer, system: 'files' })
      : tracedSender(openSmtpSender({ url: config.smtpUrl, from, runtime }), { tracer, system: 'smtp' });
  const sent = idempotentResponses<void>({ now: runtime.now, ttlMs: SENT_TTL_MS, maxEntries: MAX_SENT_KEYS });
  try {
    const server = await startGrpcServer({
      definition: EmailServiceDefinition,
      handlers: emailHandlers({ sender, sent, events: emailEvents(runtime) }),
      protoFile: topology.emailservice.protoFile,
      config: config.server,
      runtime,
      defaultDeadlineMs: 10_000,
    });
    return runningService(server, [() => sender.close()]);
  } catch (error) {
    await sender.close();
    throw error;
  }
}
