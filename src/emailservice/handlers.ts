import { requireEmailAddress } from '../domain/email-address.ts';
import { optionalIdempotencyKey, requireIdempotencyKey } from '../domain/ids.ts';
import {
  type EmailServiceDefinition,
  SendOrderCancellationRequest,
  SendOrderConfirmationRequest,
} from '../genproto/hipstershop/email.ts';

import type { Handlers } from '../lib/grpc/server.ts';
import type { IdempotentResponses } from '../lib/store/idempotency.ts';
import { decodeAmount, decodeOrder } from './decode-order.ts';
import type { EmailEvents } from './events.ts';
import { cancellationLetter, confirmationLetter, type Letter, type LetterKind } from './letter.ts';
import { renderHtml } from './letter-html.tsx';
import { renderText } from './letter-text.ts';
import type { MailSender } from './mail-sender.ts';

export type EmailDeps = {
  readonly sender: MailSender;
  /** The keys of sent mails. */
  readonly sent: IdempotentResponses<void>;
  readonly events: EmailEvents;
};

/** The RPCs of the email service. */
export function emailHandlers(deps: EmailDeps): Handlers<EmailServiceDefinition> {
  return {
    sendOrderConfirmation: async (request) => {
      const to = requireEmailAddress(request.email);
      const order = decodeOrder(request.order);
      const key = optionalIdempotencyKey(request.idempotencyKey);
      const content = SendOrderConfirmationRequest.encode({ ...request, idempotencyKey: undefined }).finish();
      await deps.sent.once(key, contentOf('confirmation', content), () => send(deps, confirmationLetter(order), to));
      return {};
    },

    sendOrderCancellation: async (request) => {
      const to = requireEmailAddress(request.email);
      const order = decodeOrder(request.order);
      const refunded = request.refunded === undefined ? undefined : decodeAmount('refunded', request.refunded);
      const key = requireIdempotencyKey(request.idempotencyKey);
      const content = SendOrderCancellationRequest.encode({ ...request, idempotencyKey: '' }).finish();
      const letter = (): Letter => cancellationLetter(order, refunded);
      await deps.sent.once(key, contentOf('cancellation', content), () => send(deps, letter(), to));
      return {};
    },
  };
}

// The first fields of both requests are the same, so the kind tells their encodings apart.
function contentOf(kind: LetterKind, request: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${kind}\n`), request]);
}

async function send({ sender, events }: EmailDeps, letter: Letter, to: string): Promise<void> {
  const { kind, orderId, subject } = letter;
  try {
    await sender.send({ kind, orderId, to, subject, text: renderText(letter), html: renderHtml(letter) });
  } catch (error) {
    events.mailFailed({ kind });
    throw error;
  }
  events.mailSent({ kind });
}
