import { status } from '@grpc/grpc-js';
import type { PaymentServiceDefinition } from '../../genproto/hipstershop/payment.ts';
import type { PeerCalls } from '../../lib/grpc/client.ts';
import { PeerError } from '../../lib/grpc/peer-error.ts';
import { testCall } from '../../lib/testing/test-client.ts';
import { paymentClient } from './payment-client.ts';

const request = {
  amount: { currency: 'EUR', nanos: 1_500_000_000n },
  card: { creditCardNumber: '', creditCardCvv: 1, creditCardExpirationYear: 2030, creditCardExpirationMonth: 1 },
  idempotencyKey: 'key',
};
const answering = (code: number, reason?: string) => {
  const fail = async (): Promise<never> => {
    throw new PeerError({ peer: 'paymentservice', rpc: '', code, details: '', reason });
  };
  const calls: PeerCalls<PaymentServiceDefinition> = { charge: fail, getCharge: fail, refund: fail };
  return paymentClient(calls);
};

describe('a charge', () => {
  it.each([
    ['FAILED_PRECONDITION', status.FAILED_PRECONDITION, 'CARD_EXPIRED', 'CARD_EXPIRED'],
    ['INVALID_ARGUMENT', status.INVALID_ARGUMENT, 'CARD_NUMBER_INVALID', 'CARD_NUMBER_INVALID'],
    ['INVALID_ARGUMENT for anything else', status.INVALID_ARGUMENT, 'AMOUNT_INVALID', 'CARD_DECLINED'],
    ['400, as the original service does', 400, undefined, 'CARD_DECLINED'],
  ])('that is answered %s is declined', async (_what, code, reason, declined) => {
    using call = testCall();
    expect(await answering(code, reason).charge(request, call)).toEqual({ kind: 'declined', reason: declined });
  });

  const others = Object.values(status).filter(
    (code): code is status =>
      typeof code === 'number' && ![status.OK, status.FAILED_PRECONDITION, status.INVALID_ARGUMENT].includes(code),
  );

  it.each(others.map((code) => [status[code], code] as const))(
    'that is answered %s may have been made',
    async (_name, code) => {
      using call = testCall();
      expect(await answering(code).charge(request, call)).toMatchObject({ kind: 'unanswered' });
    },
  );

  it('that fails in a way nobody thought of may have been made', async () => {
    const charge = async (): Promise<never> => {
      throw new TypeError('what?');
    };
    using call = testCall();
    const calls = { charge } as unknown as PeerCalls<PaymentServiceDefinition>;
    expect(await paymentClient(calls).charge(request, call)).toMatchObject({ kind: 'unanswered' });
  });
});

describe('a lost charge', () => {
  it('was never made when the service says so, and cannot be known where keys are not kept', async () => {
    using call = testCall();
    expect(await answering(status.NOT_FOUND).findCharge('key', call)).toEqual({ kind: 'never' });
    expect(await answering(status.UNIMPLEMENTED).findCharge('key', call)).toEqual({ kind: 'unknowable' });
  });

  it.each([status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.INTERNAL, status.PERMISSION_DENIED])(
    'is asked for again after status %i',
    async (code) => {
      using call = testCall();
      await expect(answering(code).findCharge('key', call)).rejects.toMatchObject({ code });
    },
  );
});
