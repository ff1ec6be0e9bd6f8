import fc from 'fast-check';
import { MAX_ID_LENGTH } from '../../domain/limits.ts';
import { chargeKey, refundKey, shipmentKey } from './step-keys.ts';

const anyText = fc.string({ minLength: 1, maxLength: MAX_ID_LENGTH });
const anyKey = fc.record({ userId: anyText, idempotencyKey: anyText });

describe('the idempotency keys of the steps', () => {
  it('are the same for the same shopper and key, and fit the limit of a key', () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        expect(chargeKey({ ...key })).toBe(chargeKey(key));
        for (const made of [chargeKey(key), shipmentKey(key), refundKey(key.userId)]) {
          expect(made.length).toBeLessThanOrEqual(MAX_ID_LENGTH);
        }
      }),
    );
  });

  it('differ between steps, between shoppers and between keys', () => {
    const keys = [
      { userId: 'ann', idempotencyKey: 'cart:v1:1' },
      { userId: 'ann', idempotencyKey: 'cart:v1:2' },
      { userId: 'bob', idempotencyKey: 'cart:v1:1' },
      { userId: 'anncart', idempotencyKey: ':v1:1' },
    ];
    const made = [...keys.flatMap((key) => [chargeKey(key), shipmentKey(key)]), refundKey('tx-1'), refundKey('tx-2')];
    expect(new Set(made).size).toBe(10);
  });
});
