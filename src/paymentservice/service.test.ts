import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChargeRequest, PaymentServiceDefinition } from '../genproto/hipstershop/payment.ts';
import type { RunningService } from '../lib/runtime/runtime.ts';
import { temporaryFolder } from '../lib/testing/temporary-folder.ts';
import { failureOfCall, type TestClient, testClient } from '../lib/testing/test-client.ts';
import { TEST_START_MS, type TestRuntime, testRuntime } from '../lib/testing/test-runtime.ts';
import { DECLINED_TEST_NUMBER } from './charge.ts';
import { readConfig } from './config.ts';
import { start } from './service.ts';

const usd = (units: bigint, nanos = 0) => ({ currencyCode: 'USD', units, nanos });
const VISA = '4432-8015-6152-0454';
const goodCard = {
  creditCardNumber: VISA,
  creditCardCvv: 672,
  creditCardExpirationYear: 2027,
  creditCardExpirationMonth: 1,
};

describe('the payment service', () => {
  let runtime: TestRuntime;
  const folder = temporaryFolder();
  let service: RunningService;
  let payment: TestClient<PaymentServiceDefinition>;
  let keys = 0;
  const newKey = (): string => `key-${++keys}`;

  const open = async (): Promise<void> => {
    runtime = testRuntime({ service: 'paymentservice' });
    service = await start(readConfig({ HOST: '127.0.0.1', PORT: '0', DATA_DIR: folder.path }), runtime);
    payment = testClient(PaymentServiceDefinition, service.address);
  };
  const close = async (): Promise<void> => {
    payment[Symbol.dispose]();
    await service[Symbol.asyncDispose]();
  };

  beforeAll(open);

  beforeEach(() => {
    runtime.setNow(TEST_START_MS);
    runtime.logs.lines.length = 0;
  });

  afterAll(async () => {
    await close();
    folder[Symbol.dispose]();
  });

  const chargeRequest = (change: Partial<ChargeRequest> = {}): ChargeRequest => ({
    amount: usd(28n, 980_000_000),
    creditCard: goodCard,
    ...change,
  });
  const withCard = (change: Partial<typeof goodCard>): ChargeRequest =>
    chargeRequest({ creditCard: { ...goodCard, ...change } });
  const charge = (change: Partial<ChargeRequest> = {}) => payment.charge(chargeRequest(change));
  const events = (message: string) => runtime.logs.lines.filter(({ msg }) => msg === message);

  it('listens on port 50051 by default', () => {
    expect(readConfig({}).server.port).toBe(50_051);
  });

  describe('Charge', () => {
    it('charges every time without a key, with ids of one length that never repeat', async () => {
      const responses = await Promise.all(Array.from({ length: 20 }, () => charge()));
      const ids = responses.map(({ transactionId }) => transactionId);
      expect(new Set(ids).size).toBe(20);
      expect(new Set(ids.map((id) => id.length))).toEqual(new Set([36]));
    });

    it.each([
      ['Visa of 13 digits', '4222222222222'],
      ['Visa of 16 digits', '4111 1111 1111 1111'],
      ['Visa of 19 digits', '4000000000000000006'],
      ['Mastercard', '5555555555554444'],
      ['Mastercard of the 2-series', '2223003122003222'],
    ])('charges %s', async (_brand, creditCardNumber) => {
      expect(await failureOfCall(payment.charge(withCard({ creditCardNumber })))).toBe('OK');
    });

    it('charges an amount with fractions of the minor unit', async () => {
      const idempotencyKey = newKey();
      await charge({ amount: usd(0n, 1), idempotencyKey });
      expect((await payment.getCharge({ idempotencyKey })).amount).toEqual(usd(0n, 1));
    });

    it.each([
      ['no amount', chargeRequest({ amount: undefined }), 'AMOUNT_INVALID'],
      ['an amount of zero', chargeRequest({ amount: usd(0n) }), 'AMOUNT_INVALID'],
      ['a negative amount', chargeRequest({ amount: usd(-1n) }), 'AMOUNT_INVALID'],
      ['signs that disagree', chargeRequest({ amount: usd(1n, -1) }), 'AMOUNT_INVALID'],
      ['no card', chargeRequest({ creditCard: undefined }), 'CREDIT_CARD_INVALID'],
      ['letters in the number', withCard({ creditCardNumber: '4432x801561520454' }), 'CARD_NUMBER_INVALID'],
      ['a mistyped number', withCard({ creditCardNumber: '4432801561520455' }), 'CARD_NUMBER_INVALID'],
      ['month 13', withCard({ creditCardExpirationMonth: 13 }), 'CARD_EXPIRATION_INVALID'],
      ['CVV 0', withCard({ creditCardCvv: 0 }), 'CARD_CVV_INVALID'],
      ['an empty key', chargeRequest({ idempotencyKey: '' }), 'IDEMPOTENCY_KEY_INVALID'],
      ['a key of 129 characters', chargeRequest({ idempotencyKey: 'k'.repeat(129) }), 'IDEMPOTENCY_KEY_INVALID'],
    ])('refuses %s', async (_what, request, reason) => {
      expect(await failureOfCall(payment.charge(request))).toBe(`INVALID_ARGUMENT ${reason}`);
      expect(events('charge made')).toEqual([]);
    });

    it.each([
      ['another brand', { creditCardNumber: '378282246310005' }, 'CARD_BRAND_NOT_ACCEPTED'],
      ['an expired card', { creditCardExpirationYear: 2026, creditCardExpirationMonth: 10 }, 'CARD_EXPIRED'],
      ['the number that is always declined', { creditCardNumber: DECLINED_TEST_NUMBER }, 'CARD_DECLINED'],
    ])('declines %s', async (_what, change, reason) => {
      expect(await failureOfCall(payment.charge(withCard(change)))).toBe(`FAILED_PRECONDITION ${reason}`);
      expect(events('charge declined')).toEqual([expect.objectContaining({ reason })]);
    });

    it('charges a card until the end of its month in UTC', async () => {
      const november = withCard({ creditCardExpirationYear: 2026, creditCardExpirationMonth: 11 });
      runtime.setNow(Date.UTC(2026, 10, 30, 23, 59, 59, 999));
      expect(await failureOfCall(payment.charge(november))).toBe('OK');
      runtime.setNow(Date.UTC(2026, 11, 1));
      expect(await failureOfCall(payment.charge(november))).toBe('FAILED_PRECONDITION CARD_EXPIRED');
    });

    it('charges once per key, also for concurrent calls', async () => {
      const idempotencyKey = newKey();
      const responses = await Promise.all(Array.from({ length: 10 }, () => charge({ idempotencyKey })));
      responses.push(await charge({ idempotencyKey }));
      expect(new Set(responses.map(({ transactionId }) => transactionId)).size).toBe(1);
      expect(events('charge made')).toHaveLength(1);
    });

    it('returns the same response for a key after the card has expired', async () => {
      const idempotencyKey = newKey();
      const creditCard = { ...goodCard, creditCardExpirationYear: 2026, creditCardExpirationMonth: 11 };
      runtime.setNow(Date.UTC(2026, 10, 30, 23));
      const response = await charge({ creditCard, idempotencyKey });
      runtime.setNow(Date.UTC(2026, 11, 1, 1));
      expect(await charge({ creditCard, idempotencyKey })).toEqual(response);
    });

    it.each([
      ['another amount', { amount: usd(1n) }],
      ['another card', { creditCard: { ...goodCard, creditCardNumber: '5555555555554444' } }],
    ])('refuses a key that was used with %s', async (_what, change) => {
      const idempotencyKey = newKey();
      await charge({ idempotencyKey });
      const again = charge({ ...change, idempotencyKey });
      expect(await failureOfCall(again)).toBe('ALREADY_EXISTS IDEMPOTENCY_KEY_REUSED');
      expect(events('charge made')).toHaveLength(1);
    });

    it('declines a declined key again, also with another card', async () => {
      const idempotencyKey = newKey();
      const creditCard = { ...goodCard, creditCardNumber: DECLINED_TEST_NUMBER };
      for (const _time of ['first', 'second']) {
        expect(await failureOfCall(charge({ creditCard, idempotencyKey }))).toBe('FAILED_PRECONDITION CARD_DECLINED');
      }
      expect(await failureOfCall(charge({ idempotencyKey }))).toBe('ALREADY_EXISTS IDEMPOTENCY_KEY_REUSED');
      expect(events('charge declined')).toHaveLength(1);
    });

    it('returns the refunded amount when a key is repeated', async () => {
      const idempotencyKey = newKey();
      const { transactionId, refunded } = await charge({ idempotencyKey });
      expect(refunded).toBeUndefined();
      await payment.refund({ transactionId, amount: usd(8n), idempotencyKey: newKey() });
      expect(await charge({ idempotencyKey })).toEqual({ transactionId, refunded: usd(8n) });
    });

    it('accepts a corrected request with the key of a malformed one', async () => {
      const idempotencyKey = newKey();
      await failureOfCall(charge({ creditCard: { ...goodCard, creditCardCvv: 0 }, idempotencyKey }));
      expect(await failureOfCall(charge({ idempotencyKey }))).toBe('OK');
    });
  });

  describe('GetCharge', () => {
    it('returns the charge of a key', async () => {
      const idempotencyKey = newKey();
      const { transactionId } = await charge({ idempotencyKey });
      const amount = usd(28n, 980_000_000);
      expect(await payment.getCharge({ idempotencyKey })).toEqual({ transactionId, amount, refunded: usd(0n) });
      await payment.refund({ transactionId, amount: usd(8n), idempotencyKey: newKey() });
      expect((await payment.getCharge({ idempotencyKey })).refunded).toEqual(usd(8n));
    });

    it('fences an unknown key: a later Charge with it charges nothing', async () => {
      const idempotencyKey = newKey();
      expect(await failureOfCall(payment.getCharge({ idempotencyKey }))).toBe('NOT_FOUND CHARGE_UNKNOWN');
      expect(await failureOfCall(charge({ idempotencyKey }))).toBe('ABORTED IDEMPOTENCY_KEY_FENCED');
      expect(await failureOfCall(payment.getCharge({ idempotencyKey }))).toBe('NOT_FOUND CHARGE_UNKNOWN');
      expect(events('charge made')).toEqual([]);
    });

    it('returns CHARGE_UNKNOWN for a declined key, and a later Charge with it charges nothing', async () => {
      const idempotencyKey = newKey();
      const declined = { creditCard: { ...goodCard, creditCardNumber: DECLINED_TEST_NUMBER }, idempotencyKey };
      await failureOfCall(charge(declined));
      expect(await failureOfCall(payment.getCharge({ idempotencyKey }))).toBe('NOT_FOUND CHARGE_UNKNOWN');
      expect(await failureOfCall(charge(declined))).toBe('FAILED_PRECONDITION CARD_DECLINED');
      expect(await failureOfCall(charge({ idempotencyKey }))).toBe('ALREADY_EXISTS IDEMPOTENCY_KEY_REUSED');
    });

    it('requires a key', async () => {
      const call = payment.getCharge({ idempotencyKey: '' });
      expect(await failureOfCall(call)).toBe('INVALID_ARGUMENT IDEMPOTENCY_KEY_INVALID');
    });
  });

  describe('a restart', () => {
    it('keeps charges, declines, fences and refunds with their keys', async () => {
      const [charged, refused, fenced, refundKey] = [newKey(), newKey(), newKey(), newKey()];
      const declined = { creditCard: { ...goodCard, creditCardNumber: DECLINED_TEST_NUMBER }, idempotencyKey: refused };
      const { transactionId } = await charge({ idempotencyKey: charged });
      await failureOfCall(charge(declined));
      await failureOfCall(payment.getCharge({ idempotencyKey: fenced }));
      const refund = { transactionId, amount: usd(10n), idempotencyKey: refundKey };
      const { refundId } = await payment.refund(refund);
      const counted = ['charge made', 'charge refunded', 'charge declined'];
      expect(counted.map((message) => events(message).length)).toEqual([1, 1, 1]);
      await close();
      await open();
      expect(await charge({ idempotencyKey: charged })).toEqual({ transactionId, refunded: usd(10n) });
      expect(await payment.getCharge({ idempotencyKey: charged })).toMatchObject({ transactionId, refunded: usd(10n) });
      expect(await failureOfCall(charge(declined))).toBe('FAILED_PRECONDITION CARD_DECLINED');
      expect(await failureOfCall(charge({ idempotencyKey: fenced }))).toBe('ABORTED IDEMPOTENCY_KEY_FENCED');
      expect(await payment.refund(refund)).toEqual({ refundId });
      for (const message of counted) expect(events(message)).toEqual([]);
    });

    it('finds no card number and no verification code in the files', async () => {
      await charge({ idempotencyKey: newKey() });
      const stored = readFileSync(join(folder.path, 'paymentservice', 'data.mdb'), 'latin1');
      expect(stored).toContain('"amount"');
      expect(stored).not.toContain(VISA.replaceAll('-', ''));
      expect(stored).not.toContain(VISA);
      expect(stored).not.toMatch(/cvv/i);
    });
  });

  describe('Refund', () => {
    const refund = (transactionId: string, amount = usd(10n), idempotencyKey = newKey()) =>
      payment.refund({ transactionId, amount, idempotencyKey });

    it('refunds once per key, also for concurrent calls', async () => {
      const idempotencyKey = newKey();
      const { transactionId } = await charge({ idempotencyKey });
      const refundKey = newKey();
      const responses = await Promise.all(Array.from({ length: 5 }, () => refund(transactionId, usd(10n), refundKey)));
      responses.push(await refund(transactionId, usd(10n), refundKey));
      expect(new Set(responses.map(({ refundId }) => refundId)).size).toBe(1);
      expect((await payment.getCharge({ idempotencyKey })).refunded).toEqual(usd(10n));
      expect(events('charge refunded')).toEqual([expect.objectContaining({ transactionId, currency: 'USD' })]);
    });

    it('returns the same response for a key when the whole charge is refunded', async () => {
      const { transactionId } = await charge();
      const refundKey = newKey();
      const response = await refund(transactionId, usd(28n, 980_000_000), refundKey);
      expect(await refund(transactionId, usd(28n, 980_000_000), refundKey)).toEqual(response);
    });

    it('returns a different id for every refund', async () => {
      const { transactionId } = await charge();
      const [one, other] = await Promise.all([refund(transactionId), refund(transactionId)]);
      expect(one.refundId).not.toBe(other.refundId);
      expect(one.refundId).toHaveLength(other.refundId.length);
    });

    it('refunds at most the rest of the charge', async () => {
      const { transactionId } = await charge();
      await refund(transactionId, usd(20n));
      const tooMuch = 'FAILED_PRECONDITION REFUND_EXCEEDS_CHARGE';
      expect(await failureOfCall(refund(transactionId, usd(8n, 980_000_001)))).toBe(tooMuch);
      expect(await failureOfCall(refund(transactionId, usd(8n, 980_000_000)))).toBe('OK');
      expect(await failureOfCall(refund(transactionId, usd(0n, 1)))).toBe(tooMuch);
    });

    it('refuses a refund in another currency', async () => {
      const { transactionId } = await charge();
      const call = refund(transactionId, { ...usd(1n), currencyCode: 'EUR' });
      expect(await failureOfCall(call)).toBe('FAILED_PRECONDITION REFUND_CURRENCY_MISMATCH');
    });

    it('refuses a key that was used for another refund', async () => {
      const { transactionId } = await charge();
      const refundKey = newKey();
      await refund(transactionId, usd(1n), refundKey);
      const again = refund(transactionId, usd(2n), refundKey);
      expect(await failureOfCall(again)).toBe('ALREADY_EXISTS IDEMPOTENCY_KEY_REUSED');
    });

    it.each([
      ['an unknown transaction', { transactionId: 'unknown' }, 'NOT_FOUND TRANSACTION_UNKNOWN'],
      ['no transaction', { transactionId: '' }, 'INVALID_ARGUMENT TRANSACTION_ID_INVALID'],
      ['no amount', { amount: undefined }, 'INVALID_ARGUMENT AMOUNT_INVALID'],
      ['an amount of zero', { amount: usd(0n) }, 'INVALID_ARGUMENT AMOUNT_INVALID'],
      ['a negative amount', { amount: usd(-1n) }, 'INVALID_ARGUMENT AMOUNT_INVALID'],
      ['no key', { idempotencyKey: '' }, 'INVALID_ARGUMENT IDEMPOTENCY_KEY_INVALID'],
    ])('refuses %s', async (_what, change, failure) => {
      const { transactionId } = await charge();
      const call = payment.refund({ transactionId, amount: usd(1n), idempotencyKey: newKey(), ...change });
      expect(await failureOfCall(call)).toBe(failure);
    });
  });

  it('logs and counts its business events', async () => {
    const { transactionId } = await charge();
    expect(events('charge made')).toEqual([expect.objectContaining({ transactionId, currency: 'USD' })]);
  });

  it('never writes a card number or a CVV into a log or an error', async () => {
    const cvv = 7391;
    const numbers = [
      VISA,
      '4432801561520455',
      '4432x801561520454',
      '378282246310005',
      DECLINED_TEST_NUMBER,
      '4'.repeat(90),
    ];
    const responses: string[] = [];
    for (const creditCardNumber of numbers) {
      for (const change of [{}, { creditCardExpirationYear: 2020 }, { creditCardExpirationMonth: 13 }]) {
        const request = withCard({ creditCardNumber, creditCardCvv: cvv, ...change });
        responses.push(await payment.charge(request).then(JSON.stringify, describeFailure));
      }
    }
    responses.push(await payment.charge(withCard({ creditCardCvv: 73_910 })).then(JSON.stringify, describeFailure));
    const everything = `${runtime.logs.text()}${responses.join('\n')}`;
    expect(responses.filter((text) => text.includes('CARD_'))).toHaveLength(numbers.length * 3);
    for (const secret of [String(cvv), ...numbers, ...numbers.map((number) => number.replaceAll('-', ''))]) {
      expect(everything).not.toContain(secret);
    }
  });
});

/** Everything that a caller receives of a failed call. */
function describeFailure(error: unknown): string {
  const { message, details, reason, metadata } = error as Record<string, unknown>;
  return JSON.stringify({ message, details, reason, metadata });
}
