import { testCall } from '../../lib/testing/test-client.ts';
import { openShop, type Shop, WISH } from './shop.testing.ts';

const statesOf = ({ history }: { history: readonly { state: string }[] }) => history.map(({ state }) => state);
const keptOf = (shop: Shop, orderId: string): bigint => shop.payment.kept(`${orderId}:charge`);

describe('a charge', () => {
  it('that was made though its answer was lost is found, and the order goes on', async () => {
    const shop = openShop();
    shop.fates.plan('charge', 'lost-after');
    const order = await shop.place();
    expect(order.state).toBe('CONFIRMED');
    expect(shop.payment.charges).toHaveLength(1);
    expect(shop.logged('order step unanswered')).toHaveLength(1);
  });

  it('that was never made is fenced, and the order is rejected', async () => {
    const shop = openShop();
    shop.fates.plan('charge', 'lost-before');
    const order = await shop.place();
    expect(order).toMatchObject({ state: 'REJECTED', reason: 'PAYMENT_UNAVAILABLE' });
    const { orderId, total } = order.purchase;
    const late = { amount: total, card: WISH.card, idempotencyKey: `${orderId}:charge` };
    using call = testCall();
    expect(await shop.payment.charge(late, call)).toMatchObject({ kind: 'unanswered' });
    expect(shop.payment.charges).toEqual([]);
    expect(shop.shipping.asked).toEqual([]);
  });

  it('that cannot be found out about now is found out about later', async () => {
    const shop = openShop();
    shop.fates.plan('charge', 'lost-after');
    shop.fates.plan('findCharge', 'lost-before', 'lost-before', 'lost-after');
    const order = await shop.place();
    expect(order.state).toBe('PLACED');
    await shop.sweepUntilQuiet();
    expect((await shop.find(order)).state).toBe('CONFIRMED');
    expect(shop.payment.charges).toHaveLength(1);
  });

  it('that turns out never to have been made is told to the shopper, who was told it is moving', async () => {
    const shop = openShop();
    shop.fates.plan('charge', 'lost-before');
    shop.fates.plan('findCharge', 'lost-before');
    const order = await shop.place();
    await shop.sweepUntilQuiet();
    expect(await shop.find(order)).toMatchObject({ state: 'REJECTED', reason: 'PAYMENT_UNAVAILABLE' });
    expect([...shop.email.sent]).toEqual([`cancellation ${order.purchase.orderId}`]);
    expect(shop.email.orders[0]?.transactionId).toBeUndefined();
  });

  it.each(['lost-before', 'lost-after'] as const)(
    'at a service that keeps no keys is never repeated when it was %s: a person has to look',
    async (fate) => {
      const shop = openShop({ keepsKeys: false });
      shop.fates.plan('charge', fate);
      const order = await shop.place();
      expect(order).toMatchObject({ state: 'PLACED', needsPerson: true, reason: 'PAYMENT_UNKNOWN' });
      expect(shop.logged('order needs a person')).toMatchObject([
        { level: 'error', orderId: order.purchase.orderId, reason: 'PAYMENT_UNKNOWN' },
      ]);
      await shop.sweepUntilQuiet(3);
      // Nor is the cart bought again as long as nobody knows.
      expect((await shop.place()).purchase.orderId).toBe(order.purchase.orderId);
      expect((await shop.place({ idempotencyKey: 'another' })).purchase.orderId).toBe(order.purchase.orderId);
      expect(shop.fates.made.filter((call) => call === 'charge')).toHaveLength(1);
      expect(shop.shipping.asked).toEqual([]);
    },
  );
});

describe('a shipment', () => {
  it('that is refused gives the money back', async () => {
    const shop = openShop();
    shop.fates.plan('ship', 'refused');
    const order = await shop.place();
    expect(order).toMatchObject({ state: 'REJECTED', reason: 'SHIPPING_REFUSED' });
    expect(statesOf(order)).toEqual(['PLACED', 'PAID', 'REFUNDING', 'REJECTED']);
    expect(keptOf(shop, order.purchase.orderId)).toBe(0n);
    expect(shop.payment.charges).toHaveLength(1);
    expect(shop.fates.made).not.toContain('cancel');
    expect(shop.cart.now().lines).not.toEqual([]);
    await shop.sweepUntilQuiet();
    expect([...shop.email.sent]).toEqual([`cancellation ${order.purchase.orderId}`]);
  });

  it('that nobody answers is asked for three times with one key, then paid back and called back', async () => {
    const shop = openShop();
    shop.fates.plan('ship', 'lost-before', 'lost-after', 'lost-before');
    const order = await shop.place();
    const key = `${order.purchase.orderId}:ship`;
    expect(order).toMatchObject({ state: 'REJECTED', reason: 'SHIPPING_UNAVAILABLE' });
    expect(shop.shipping.asked).toEqual([key, key, key]);
    expect(shop.shipping.shipments.get(key)).toEqual({ cancelled: true });
    expect(keptOf(shop, order.purchase.orderId)).toBe(0n);
    await shop.sweepUntilQuiet();
    expect([...shop.email.sent]).toEqual([`cancellation ${order.purchase.orderId}`]);
  });

  it('that never left never will', async () => {
    const shop = openShop();
    shop.fates.plan('ship', 'lost-before', 'lost-before', 'lost-before');
    const { purchase } = await shop.place();
    const late = { address: purchase.address, goods: purchase.lines, idempotencyKey: `${purchase.orderId}:ship` };
    using call = testCall();
    expect((await shop.shipping.ship(late, call)).kind).toBe('unanswered');
    expect(shop.shipping.shipments.size).toBe(0);
  });

  it('is tried again until it is answered', async () => {
    const shop = openShop();
    shop.fates.plan('ship', 'lost-before', 'lost-after');
    const order = await shop.place();
    expect(order.state).toBe('CONFIRMED');
    expect(shop.shipping.shipments.size).toBe(1);
  });

  it('that is refused after one that nobody answered is called back all the same', async () => {
    const shop = openShop();
    shop.fates.plan('ship', 'lost-after', 'refused');
    const order = await shop.place();
    expect(order).toMatchObject({ state: 'REJECTED', reason: 'SHIPPING_REFUSED' });
    expect(shop.shipping.shipments.get(`${order.purchase.orderId}:ship`)).toEqual({ cancelled: true });
  });

  it('that is refused to a drive which is not the first is called back: the first may have shipped', async () => {
    let appends = 0;
    const shop = openShop({
      wrapStore: (store) => ({
        ...store,
        append: async (order, event, work) => {
          appends += 1;
          // The process ends between the shipment and its record.
          if (event.type === 'shipped' && appends === 2) throw new Error('killed');
          return await store.append(order, event, work);
        },
      }),
    });
    const order = await shop.place();
    expect(order.state).toBe('PAID');
    shop.fates.plan('ship', 'refused');
    await shop.sweepUntilQuiet();
    expect(await shop.find(order)).toMatchObject({ state: 'REJECTED', reason: 'SHIPPING_REFUSED' });
    expect(shop.shipping.shipments.get(`${order.purchase.orderId}:ship`)).toEqual({ cancelled: true });
    expect(keptOf(shop, order.purchase.orderId)).toBe(0n);
  });
});

describe('a refund', () => {
  it.each([
    ['that fails', 'lost-before'],
    ['that is refused', 'refused'],
    ['at a service without refunds', 'unimplemented'],
  ] as const)('%s is tried again until it succeeds, and the order shows it meanwhile', async (_what, fate) => {
    const shop = openShop();
    const failures = Array.from({ length: 20 }, () => fate);
    shop.fates.plan('ship', 'refused');
    shop.fates.plan('refund', ...failures);
    const order = await shop.place();
    expect(order).toMatchObject({ state: 'REFUNDING', open: { refund: true } });
    await shop.sweepUntilQuiet(18);
    expect(await shop.find(order)).toMatchObject({ state: 'REFUNDING' });
    expect(keptOf(shop, order.purchase.orderId)).toBe(order.purchase.total.nanos);
    expect(shop.email.sent.size).toBe(0);
    await shop.sweepUntilQuiet(5);
    expect(await shop.find(order)).toMatchObject({ state: 'REJECTED', reason: 'SHIPPING_REFUSED' });
    expect(keptOf(shop, order.purchase.orderId)).toBe(0n);
    expect(shop.logged('order drive failed')).toHaveLength(20);
    expect([...shop.email.sent]).toEqual([`cancellation ${order.purchase.orderId}`]);
  });

  it('does not wait for a parcel that cannot be called back', async () => {
    const shop = openShop();
    shop.fates.plan('ship', 'lost-after', 'lost-before', 'lost-before');
    shop.fates.plan('cancel', 'unimplemented', 'unimplemented', 'unimplemented');
    const order = await shop.place();
    expect(order).toMatchObject({ state: 'REFUNDING', open: { refund: false, shipment: true } });
    expect(keptOf(shop, order.purchase.orderId)).toBe(0n);
    await shop.sweepUntilQuiet(2);
    expect((await shop.find(order)).state).toBe('REFUNDING');
    await shop.sweepUntilQuiet();
    expect((await shop.find(order)).state).toBe('REJECTED');
    expect(shop.fates.made.filter((call) => call === 'refund')).toHaveLength(1);
  });

  it('that fails does not keep a parcel from being called back', async () => {
    const shop = openShop();
    shop.fates.plan('ship', 'lost-after', 'lost-before', 'lost-before');
    shop.fates.plan('refund', 'unimplemented');
    const order = await shop.place();
    expect(order).toMatchObject({ state: 'REFUNDING', open: { refund: true, shipment: false } });
    expect(shop.shipping.shipments.get(`${order.purchase.orderId}:ship`)).toEqual({ cancelled: true });
  });

  it('goes before the parcel', async () => {
    const shop = openShop();
    shop.fates.plan('ship', 'lost-before', 'lost-before', 'lost-before');
    await shop.place();
    expect(shop.fates.made.slice(-2)).toEqual(['refund', 'cancel']);
  });
});

describe('a drive', () => {
  it('begins with the order as it is, not as its caller knows it', async () => {
    const shop = openShop();
    shop.fates.plan('charge', 'lost-after');
    shop.fates.plan('findCharge', 'lost-before');
    const old = await shop.place();
    await shop.sweepUntilQuiet();
    const before = [...shop.fates.made];
    // Whoever looked before the order went on must not charge, ship or empty a newer cart once more.
    const now = await shop.driver.drive(old, { card: undefined, requestId: 'test' });
    expect(now.state).toBe('CONFIRMED');
    expect(shop.fates.made).toEqual(before);
  });

  it('is one at a time for an order', async () => {
    const shop = openShop();
    shop.fates.plan('charge', 'lost-after');
    shop.fates.plan('findCharge', 'lost-before');
    const order = await shop.place();
    const drives = Array.from({ length: 5 }, () => shop.driver.drive(order, { card: undefined, requestId: 'test' }));
    const ends = await Promise.all([...drives, shop.recover.sweep()]);
    expect(ends.slice(0, 5).map((end) => end?.state)).toEqual(Array.from({ length: 5 }, () => 'CONFIRMED'));
    expect(shop.fates.made.filter((call) => call === 'findCharge')).toHaveLength(2);
    expect(shop.shipping.asked).toHaveLength(1);
  });
});
