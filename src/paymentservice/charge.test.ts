import fc from 'fast-check';
import { passesLuhn } from '../domain/luhn.ts';
import type { Money } from '../domain/money.ts';
import { DECLINED_TEST_NUMBER, declineReason, newCharge, readAmount, refundCharge } from './charge.ts';

const usd = (nanos: bigint): Money => ({ currency: 'USD', nanos });
const nowMs = Date.UTC(2026, 10, 23);
const card = (digits: string) => ({ digits, expirationYear: 2027, expirationMonth: 1 });

describe('an amount to charge', () => {
  it('may be a billionth of a unit', () => {
    expect(readAmount({ currencyCode: 'JPY', units: 0n, nanos: 1 })).toEqual({ currency: 'JPY', nanos: 1n });
  });

  it.each([
    ['absent', undefined],
    ['zero', { currencyCode: 'USD', units: 0n, nanos: 0 }],
    ['negative', { currencyCode: 'USD', units: -1n, nanos: 0 }],
    ['of signs that disagree', { currencyCode: 'USD', units: 1n, nanos: -1 }],
    ['of too many nanos', { currencyCode: 'USD', units: 0n, nanos: 1_000_000_000 }],
    ['of no currency', { currencyCode: '', units: 1n, nanos: 0 }],
    ['of a malformed currency', { currencyCode: 'usd', units: 1n, nanos: 0 }],
  ])('must not be %s', (_what, wire) => {
    expect(() => readAmount(wire)).toThrow(expect.objectContaining({ kind: 'invalid', reason: 'AMOUNT_INVALID' }));
  });
});

describe('whether a card can be charged', () => {
  it.each([
    ['a Visa', card('4432801561520454'), undefined],
    ['a Mastercard of the 2-series', card('2223003122003222'), undefined],
    ['another brand', card('378282246310005'), 'CARD_BRAND_NOT_ACCEPTED'],
    ['an expired card', { ...card('4432801561520454'), expirationYear: 2026, expirationMonth: 10 }, 'CARD_EXPIRED'],
    ['the declined test number', card(DECLINED_TEST_NUMBER), 'CARD_DECLINED'],
  ])('%s', (_what, given, reason) => {
    expect(declineReason(given, nowMs)).toBe(reason);
  });

  it('has a test number that is declined although it is well formed', () => {
    expect(passesLuhn(DECLINED_TEST_NUMBER)).toBe(true);
  });
});

describe('a refund', () => {
  const charge = newCharge('a-transaction', usd(20_000_000_000n));

  it('reduces the rest of the charge', () => {
    const once = refundCharge(charge, usd(5_000_000_000n));
    expect(once).toEqual({ ...charge, refunded: usd(5_000_000_000n) });
    expect(refundCharge(once, usd(15_000_000_000n)).refunded).toEqual(charge.amount);
  });

  it('is in the currency of the charge', () => {
    const call = (): unknown => refundCharge(charge, { currency: 'EUR', nanos: 1n });
    expect(call).toThrow(expect.objectContaining({ kind: 'precondition', reason: 'REFUND_CURRENCY_MISMATCH' }));
  });

  it('never adds up to more than the charge', () => {
    const amounts = fc.array(fc.bigInt({ min: 1n, max: 21_000_000_000n }), { maxLength: 20 });
    fc.assert(
      fc.property(amounts, (parts) => {
        let left = charge;
        for (const nanos of parts) {
          const fits = left.refunded.nanos + nanos <= charge.amount.nanos;
          if (fits) left = refundCharge(left, usd(nanos));
          else
            expect(() => refundCharge(left, usd(nanos))).toThrow(
              expect.objectContaining({ reason: 'REFUND_EXCEEDS_CHARGE' }),
            );
        }
        expect(left.refunded.nanos <= charge.amount.nanos).toBe(true);
      }),
    );
  });
});
