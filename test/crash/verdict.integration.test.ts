import type { Ledgers } from './ledgers.ts';
import { failuresIn, judge, type Purchase, strangers } from './verdict.ts';

const nanos = (amount: bigint) => ({ currency: 'EUR', nanos: amount });
const charge = { transactionId: 'tx', amount: nanos(5n), refunded: nanos(0n) };
const shipment = { trackingId: 'MC-1', cancelled: false };
const sound: Ledgers = {
  charges: [{ key: 'charge-1', value: charge }],
  shipments: [{ key: 'ship-1', value: shipment }],
};
const purchase: Purchase = {
  attempts: [
    { charge: 'charge-1', shipment: 'ship-1' },
    { charge: 'charge-2', shipment: 'ship-2' },
  ],
  orderId: 'one',
  orders: [{ orderId: 'one', isFinal: true }],
};
const zeros = { lost: 0, chargedTwice: 0, chargedAndNotShipped: 0, shippedAndUnpaid: 0, unfinished: 0 };

describe('the verdict on a run', () => {
  it('has only zeros for an order that was charged and shipped once', () => {
    const verdict = judge(sound, [purchase]);
    expect(verdict).toEqual({ orders: 1, charges: 1, refunds: 0, shipments: 1, ...zeros });
    expect(failuresIn(verdict)).toEqual([]);
    expect(strangers(sound, [purchase])).toBe(0);
  });

  it.each<[string, Partial<Ledgers>, Partial<Purchase>, Partial<typeof zeros>]>([
    ['an order that checkoutservice forgot', {}, { orders: [] }, { lost: 1 }],
    ['an order in progress', {}, { orders: [{ orderId: 'one', isFinal: false }] }, { unfinished: 1 }],
    [
      'a second charge with the key of another attempt',
      { charges: [...sound.charges, { key: 'charge-2', value: charge }] },
      {},
      { chargedTwice: 1, chargedAndNotShipped: 1 },
    ],
    [
      'a second charge with the same key',
      { charges: [...sound.charges, ...sound.charges] },
      {},
      { chargedTwice: 1, chargedAndNotShipped: 1 },
    ],
    ['a missing shipment', { shipments: [] }, {}, { chargedAndNotShipped: 1 }],
    [
      'a cancelled shipment whose charge was kept',
      { shipments: [{ key: 'ship-1', value: { ...shipment, cancelled: true } }] },
      {},
      { chargedAndNotShipped: 1 },
    ],
    [
      'a partial refund of an order that was not shipped',
      { charges: [{ key: 'charge-1', value: { ...charge, refunded: nanos(4n) } }], shipments: [] },
      {},
      { chargedAndNotShipped: 1 },
    ],
    [
      'a refund of a shipped order',
      { charges: [{ key: 'charge-1', value: { ...charge, refunded: nanos(5n) } }] },
      {},
      { shippedAndUnpaid: 1 },
    ],
    [
      'the shipment of another attempt than the charged one',
      { shipments: [{ key: 'ship-2', value: shipment }] },
      {},
      { chargedAndNotShipped: 1, shippedAndUnpaid: 1 },
    ],
  ])('counts %s', (_what, ledgers, change, counted) => {
    const verdict = judge({ ...sound, ...ledgers }, [{ ...purchase, ...change }]);
    expect(verdict).toMatchObject({ ...zeros, ...counted });
    expect(failuresIn(verdict)).toHaveLength(Object.keys(counted).length);
  });

  it.each([
    ['without a key', undefined],
    ['with the key of no shopper', 'charge-9'],
  ])('reports a charge %s', (_what, key) => {
    expect(strangers({ ...sound, charges: [...sound.charges, { key, value: charge }] }, [purchase])).toBe(1);
  });
});
