import { toWire } from '../../domain/money.ts';
import type { EmailServiceDefinition } from '../../genproto/hipstershop/email.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { UpstreamCalls } from '../../lib/grpc/client.ts';
import type { Order } from '../order/order.ts';
import { orderResult } from '../wire.ts';

/** What checkout needs of the email service. The idempotency key derives from the order, so a repeat sends no second mail. */
export type EmailClient = {
  readonly sendConfirmation: (order: Order, call: CallContext) => Promise<void>;
  /** Tells the shopper that the order failed and that the charge, if any, was refunded. */
  readonly sendCancellation: (order: Order, call: CallContext) => Promise<void>;
  /** Deletes the mails of the order that the email service stores. */
  readonly eraseMails: (order: Order, call: CallContext) => Promise<void>;
};

export function emailClient(upstream: UpstreamCalls<EmailServiceDefinition>): EmailClient {
  const mail = (order: Order, kind: string) => ({
    email: order.purchase.email,
    order: orderResult(order),
    idempotencyKey: `${order.purchase.orderId}:${kind}`,
  });
  return {
    sendConfirmation: async (order, call) => {
      await upstream.sendOrderConfirmation(mail(order, 'confirmation'), call);
    },
    sendCancellation: async (order, call) => {
      const refunded = order.transactionId === undefined ? undefined : toWire(order.purchase.total);
      await upstream.sendOrderCancellation({ ...mail(order, 'cancellation'), refunded }, call);
    },
    eraseMails: async ({ purchase: { orderId } }, call) => {
      await upstream.eraseMails({ orderId }, call);
    },
  };
}
