import type {
  EmailServiceDefinition,
  SendOrderCancellationRequest,
  SendOrderConfirmationRequest,
} from '../../genproto/hipstershop/email.ts';
import type { UpstreamCalls } from '../../lib/grpc/client.ts';
import { testCall } from '../../lib/testing/test-client.ts';
import { evolve, placedOrder } from '../order/order.ts';
import { purchaseOf } from '../store/order-store.contract.ts';
import { emailClient } from './email-client.ts';

const placed = placedOrder(purchaseOf({ orderId: 'order' }), 1);
const paid = evolve(placed, { type: 'charged', transactionId: 'tx', timeMs: 2 });

describe('the email client', () => {
  const confirmations: SendOrderConfirmationRequest[] = [];
  const cancellations: SendOrderCancellationRequest[] = [];
  const erased: string[] = [];
  const calls: UpstreamCalls<EmailServiceDefinition> = {
    sendOrderConfirmation: async (request) => {
      confirmations.push(request);
      return {};
    },
    sendOrderCancellation: async (request) => {
      cancellations.push(request);
      return {};
    },
    eraseMails: async ({ orderId }) => {
      erased.push(orderId);
      return {};
    },
  };
  const email = emailClient(calls);

  it('sends a confirmation with a key that derives from the order', async () => {
    using call = testCall();
    await email.sendConfirmation(paid, call);
    expect(confirmations).toMatchObject([
      { email: 'ann@example.com', idempotencyKey: 'order:confirmation', order: { orderId: 'order' } },
    ]);
  });

  it('sends a cancellation with the refunded amount, or without one when nothing was charged', async () => {
    using call = testCall();
    await email.sendCancellation(paid, call);
    await email.sendCancellation(placed, call);
    expect(cancellations.map(({ refunded, idempotencyKey }) => [refunded, idempotencyKey])).toEqual([
      [{ currencyCode: 'EUR', units: 23n, nanos: 850_000_000 }, 'order:cancellation'],
      [undefined, 'order:cancellation'],
    ]);
  });

  it('erases the mails of an order by its id', async () => {
    using call = testCall();
    await email.eraseMails(paid, call);
    expect(erased).toEqual(['order']);
  });
});
