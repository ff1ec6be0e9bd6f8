import { status } from '@grpc/grpc-js';
import type { PaymentServiceDefinition } from '../../genproto/hipstershop/payment.ts';
import type { UpstreamCalls } from '../../lib/grpc/client.ts';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';
import { testCall } from '../../lib/testing/test-client.ts';
import { paymentClient } from './payment-client.ts';

const request = {
  amount: { currency: 'EUR', nanos: 1_500_000_000n },
  card: { creditCardNumber: '', creditCardCvv: 1, creditCardExpirationYear: 2030, creditCardExpirationMonth: 1 },
  idempotencyKey: 'key',
};
type Failure = { reason?: string; isUnsent?: boolean; metadata?: Readonly<Record<string, string>> };
const failingWith = (code: number, options: Failure = {}) => {
  const fail = async (): Promise<never> => {
    throw new UpstreamError({ upstream: 'paymentservice', rpc: '', code, details: '', ...options });
  };
  const calls: UpstreamCalls<PaymentServiceDefinition> = { charge: fail, getCharge: fail, refund: fail };
  return paymentClient(calls);
};
const NOTHING_STORED: Failure = { reason: 'STORE_UNAVAILABLE', metadata: { nothing_stored: 'true' } };
const failing = (fails: Partial<UpstreamCalls<PaymentServiceDefinition>>) =>
  paymentClient(fails as UpstreamCalls<PaymentServiceDefinition>);
const usd = (units: bigint) => ({ currencyCode: 'USD', units, nanos: 0 });

const allCodes = Object.values(status).filter((code): code is status => typeof code === 'number');
const codesWithout = (...codes: readonly status[]) =>
  allCodes.filter((code) => !codes.includes(code)).map((code) => [status[code], code] as const);

describe('Charge', () => {
  it.each([
    ['FAILED_PRECONDITION', status.FAILED_PRECONDITION, 'CARD_EXPIRED', 'CARD_EXPIRED'],
    ['INVALID_ARGUMENT', status.INVALID_ARGUMENT, 'CARD_NUMBER_INVALID', 'CARD_NUMBER_INVALID'],
    ['INVALID_ARGUMENT with any other reason', status.INVALID_ARGUMENT, 'AMOUNT_INVALID', 'CARD_DECLINED'],
    ['400, the code of the original service', 400, undefined, 'CARD_DECLINED'],
  ])('is declined when the status is %s', async (_what, code, reason, declined) => {
    using call = testCall();
    const client = failingWith(code, reason === undefined ? {} : { reason });
    expect(await client.charge(request, call)).toEqual({ kind: 'declined', reason: declined });
  });

  it.each([status.ALREADY_EXISTS, status.ABORTED])(
    'conflicts with another use of its key when the status is %i',
    async (code) => {
      using call = testCall();
      expect(await failingWith(code).charge(request, call)).toEqual({ kind: 'conflict' });
    },
  );

  const notBegun = [
    status.RESOURCE_EXHAUSTED,
    status.UNIMPLEMENTED,
    status.PERMISSION_DENIED,
    status.UNAUTHENTICATED,
  ] as const;
  const { OK, FAILED_PRECONDITION, INVALID_ARGUMENT, ALREADY_EXISTS, ABORTED } = status;
  it.each(codesWithout(OK, FAILED_PRECONDITION, INVALID_ARGUMENT, ALREADY_EXISTS, ABORTED, ...notBegun))(
    'is ambiguous when the status is %s',
    async (_name, code) => {
      using call = testCall();
      expect(await failingWith(code).charge(request, call)).toMatchObject({ kind: 'ambiguous' });
    },
  );

  it.each<[what: string, code: status, options: Failure]>([
    ['the call never left this process', status.UNAVAILABLE, { isUnsent: true }],
    ['payment could store nothing', status.UNAVAILABLE, NOTHING_STORED],
    ['too little time was left', status.DEADLINE_EXCEEDED, { reason: 'DEADLINE_TOO_SHORT' }],
    ...notBegun.map((code): [string, status, Failure] => [`the status is ${status[code]}`, code, {}]),
  ])('has not begun when %s', async (_what, code, options) => {
    using call = testCall();
    expect(await failingWith(code, options).charge(request, call)).toMatchObject({ kind: 'not-begun' });
  });

  it('is ambiguous when the store of payment failed during the write', async () => {
    using call = testCall();
    const client = failingWith(status.UNAVAILABLE, { reason: 'STORE_UNAVAILABLE' });
    expect(await client.charge(request, call)).toMatchObject({ kind: 'ambiguous' });
  });

  it('is ambiguous when the failure has no gRPC status', async () => {
    const charge = async (): Promise<never> => {
      throw new TypeError('a bug');
    };
    using call = testCall();
    expect(await failing({ charge }).charge(request, call)).toMatchObject({ kind: 'ambiguous' });
  });

  it.each([
    ['absent', undefined, false],
    ['zero', usd(0n), false],
    ['an amount', usd(1n), true],
  ])('returns whether the charge was refunded since when `refunded` is %s', async (_what, refunded, isRefunded) => {
    using call = testCall();
    const charge = async () => ({ transactionId: 'tx', refunded });
    expect(await failing({ charge }).charge(request, call)).toEqual({
      kind: 'charged',
      transactionId: 'tx',
      isRefunded,
    });
  });
});

describe('GetCharge', () => {
  it('returns `never` for NOT_FOUND, and `unknowable` for UNIMPLEMENTED', async () => {
    using call = testCall();
    expect(await failingWith(status.NOT_FOUND).findCharge('key', call)).toEqual({ kind: 'never' });
    expect(await failingWith(status.UNIMPLEMENTED).findCharge('key', call)).toEqual({ kind: 'unknowable' });
    expect(await failingWith(status.NOT_FOUND).keepsKeys(call)).toBe(true);
    expect(await failingWith(status.UNIMPLEMENTED).keepsKeys(call)).toBe(false);
  });

  it('returns the amount of a charge and whether it was refunded', async () => {
    using call = testCall();
    const client = failing({ getCharge: async () => ({ transactionId: 'tx', amount: usd(2n), refunded: usd(1n) }) });
    const amount = { currency: 'USD', nanos: 2_000_000_000n };
    expect(await client.findCharge('key', call)).toEqual({
      kind: 'charged',
      transactionId: 'tx',
      amount,
      isRefunded: true,
    });
  });

  it.each([status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.INTERNAL, status.PERMISSION_DENIED])(
    'tells nothing when the status is %i',
    async (code) => {
      using call = testCall();
      await expect(failingWith(code).findCharge('key', call)).rejects.toMatchObject({ code });
      await expect(failingWith(code).keepsKeys(call)).rejects.toMatchObject({ code });
    },
  );
});

describe('Refund', () => {
  const refund = { transactionId: 'tx', amount: request.amount, idempotencyKey: 'key' };
  const finals = [
    status.INVALID_ARGUMENT,
    status.NOT_FOUND,
    status.ALREADY_EXISTS,
    status.FAILED_PRECONDITION,
    status.OUT_OF_RANGE,
  ];

  it.each(finals)('is refused for good when the status is %i', async (code) => {
    using call = testCall();
    expect(await failingWith(code).refund(refund, call)).toMatchObject({ kind: 'refused', cause: { code } });
  });

  it.each(codesWithout(status.OK, ...finals))('can be retried when the status is %s', async (_name, code) => {
    using call = testCall();
    await expect(failingWith(code).refund(refund, call)).rejects.toMatchObject({ code });
  });
});
