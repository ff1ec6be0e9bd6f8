import { requireEmailAddress } from '../domain/email-address.ts';
import { optionalIdempotencyKey, requireId, requireIdempotencyKey } from '../domain/ids.ts';
import {
  type EmailServiceDefinition,
  SendOrderCancellationRequest,
  SendOrderConfirmationRequest,
} from '../genproto/hipstershop/email.ts';

import type { Handlers } from '../lib/grpc/server.ts';
import { fingerprintOf } from '../lib/store/idempotent-table.ts';
import { decodeAmount, decodeOrder } from './decode-order.ts';
import type { EmailEvents } from './events.ts';
import { cancellationLetter, confirmationLetter, type Letter } from './letter.ts';
import { renderHtml } from './letter-html.tsx';
import { renderText } from './letter-text.ts';
import type { MailSender } from './mail-sender.ts';
import type { SendOnce } from './send-once.ts';

export type EmailDeps = {
  readonly sender: MailSender;
  readonly sendOnce: SendOnce;
  readonly events: EmailEvents;
};

/** The RPCs of the email service. The first fields of both requests are the same, so the kind is part of the fingerprint. */
export function emailHandlers(deps: EmailDeps): Handlers<EmailServiceDefinition> {
  return {
    sendOrderConfirmation: async (request) => {
      const to = requireEmailAddress(request.email);
      const order = decodeOrder(request.order);
      const key = optionalIdempotencyKey(request.idempotencyKey);
      const content = SendOrderConfirmationRequest.encode({ ...request, idempotencyKey: undefined }).finish();
      const fingerprint = fingerprintOf(Buffer.from('confirmation'), content);
      await deps.sendOnce({ key, fingerprint }, async () => await send(deps, confirmationLetter(order), to));
      return {};
    },

    sendOrderCancellation: async (request) => {
      const to = requireEmailAddress(request.email);
      const order = decodeOrder(request.order);
      const refunded = request.refunded === undefined ? undefined : decodeAmount('refunded', request.refunded);
      const key = requireIdempotencyKey(request.idempotencyKey);
      const content = SendOrderCancellationRequest.encode({ ...request, idempotencyKey: '' }).finish();
      const fingerprint = fingerprintOf(Buffer.from('cancellation'), content);
      await deps.sendOnce({ key, fingerprint }, async () => await send(deps, cancellationLetter(order, refunded), to));
      return {};
    },

    eraseMails: async (request) => {
      await deps.sender.erase(requireId('order_id', request.orderId));
      return {};
    },
  };
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
