import { placedOrder } from '../../src/checkoutservice/order/order.ts';
import { chargeKey, shipmentKey } from '../../src/checkoutservice/saga/step-keys.ts';
import { purchaseOf } from '../../src/checkoutservice/store/order-store.contract.ts';
import { judge, type Ledgers } from './ledgers.ts';

const purchase = purchaseOf({ orderId: 'one' });
const confirmed = { ...placedOrder(purchase, 0), state: 'CONFIRMED' as const };
const nanos = (amount: bigint) => ({ currency: 'EUR', nanos: amount });
const charge = { transactionId: 'tx', amount: nanos(5n), refunded: nanos(0n) };
const shipment = { trackingId: 'MC-1', cancelled: false };
const sound: Ledgers = {
  orders: [confirmed],
  openTasks: 0,
  charges: [{ key: chargeKey(purchase), value: charge }],
  shipments: [{ key: shipmentKey(purchase), value: shipment }],
};
const zeros = { lost: 0, chargedTwice: 0, chargedAndNotShipped: 0, shippedAndUnpaid: 0, unfinished: 0 };

describe('the verdict on a run', () => {
  it('has only zeros for an order that was charged and shipped once', () => {
    expect(judge(sound, ['one'])).toEqual({ orders: 1, charges: 1, refunds: 0, shipments: 1, ...zeros });
  });

  it.each([
    ['an order that checkoutservice forgot', { orders: [] }, { lost: 1, chargedAndNotShipped: 1, shippedAndUnpaid: 1 }],
    [
      'a second charge',
      { charges: [...sound.charges, { key: undefined, value: charge }] },
      { chargedTwice: 1, chargedAndNotShipped: 1 },
    ],
    ['a missing shipment', { shipments: [] }, { chargedAndNotShipped: 1 }],
    [
      'a cancelled shipment whose charge was kept',
      { shipments: [{ key: shipmentKey(purchase), value: { ...shipment, cancelled: true } }] },
      { chargedAndNotShipped: 1 },
    ],
    [
      'a refund of a shipped order',
      { charges: [{ key: chargeKey(purchase), value: { ...charge, refunded: nanos(5n) } }] },
      { shippedAndUnpaid: 1 },
    ],
    ['an order in progress', { orders: [{ ...confirmed, state: 'PAID' as const }] }, { unfinished: 1 }],
    ['a task that is left', { openTasks: 1 }, { unfinished: 1 }],
  ])('counts %s', (_what, change: Partial<Ledgers>, counted) => {
    expect(judge({ ...sound, ...change }, ['one'])).toMatchObject({ ...zeros, ...counted });
  });
});
