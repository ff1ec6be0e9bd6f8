import { SpanKind, type Tracer } from '@opentelemetry/api';
import { attribute } from '../lib/telemetry/attributes.ts';
import { inSpan } from '../lib/telemetry/in-span.ts';
import type { MailSender } from './mail-sender.ts';

/** A sender that makes one span of each mail: how it goes out and what kind it is, never to whom. */
export function tracedSender(sender: MailSender, options: { tracer: Tracer; system: 'smtp' | 'files' }): MailSender {
  const { tracer, system } = options;
  return {
    ...sender,
    send: async (mail) => {
      const attributes = {
        [attribute.messagingSystem]: system,
        [attribute.messagingDestination]: mail.kind,
        [attribute.messagingOperation]: 'send',
        [attribute.messagingOperationType]: 'send',
        [attribute.orderId]: mail.orderId,
      };
      await inSpan(tracer, { name: `send ${mail.kind}`, kind: SpanKind.PRODUCER, attributes }, () => sender.send(mail));
    },
  };
}
