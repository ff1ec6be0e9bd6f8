import { SpanKind, type Tracer } from '@opentelemetry/api';
import { appAttribute } from '../domain/attributes.ts';
import { attribute } from '../lib/telemetry/attributes.ts';
import { inSpan } from '../lib/telemetry/in-span.ts';
import { declareSpan } from '../lib/telemetry/span-declaration.ts';
import { LETTER_KINDS } from './letter.ts';
import type { MailSender } from './mail-sender.ts';

/** The transmission of one mail. No attribute contains the recipient. */
export const mailSpan = declareSpan({
  title: 'mail',
  names: LETTER_KINDS.map((kind) => `send ${kind}`),
  kind: SpanKind.PRODUCER,
  attributes: [
    { name: attribute.messagingSystem, values: ['smtp', 'files'] },
    { name: attribute.messagingDestination, values: LETTER_KINDS, about: 'the kind of the mail' },
    { name: attribute.messagingOperation, values: ['send'] },
    { name: attribute.messagingOperationType, values: ['send'] },
    { name: appAttribute.orderId, about: 'the id of the order' },
    { name: attribute.errorReason, about: 'the reason of the failure', absent: 'the mail was sent' },
  ],
});

/** Starts a span for each mail that the sender sends. */
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
        [appAttribute.orderId]: mail.orderId,
      };
      await inSpan(tracer, { name: `send ${mail.kind}`, kind: mailSpan.kind, attributes }, () => sender.send(mail));
    },
  };
}
