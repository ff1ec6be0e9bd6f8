import { testCall } from '../../lib/testing/test-client.ts';
import type { CallResult, UpstreamCall } from './failure-plan.testing.ts';
import { COMMAND, openShop, openWorld, type Shop } from './shop.testing.ts';
import { chargeKey, shipmentKey } from './step-keys.ts';

const statesOf = ({ history }: { history: readonly { state: string }[] }) => history.map(({ state }) => state);
const countOf = (shop: Shop, call: UpstreamCall): number => shop.calls.made.filter((made) => made === call).length;
const times = (count: number, result: CallResult): CallResult[] => Array.from({ length: count }, () => result);

describe('the charge step', () => {
  it('repeats a charge whose response was lost with the same key, and the card is charged once', async () => {
    const shop = openShop();
    shop.calls.plan('charge', 'lost-after', 'lost-before');
    const order = await shop.place();
    expect(order.state).toBe('CONFIRMED');
    expect(countOf(shop, 'charge')).toBe(3);
    expect(shop.payment.charges).toHaveLength(1);
    expect(shop.logged('order step outcome unknown')).toHaveLength(2);
  });

  it('repeats a charge that never reached payment, without asking whether payment keeps keys', async () => {
    const shop = openShop({ keepsKeys: false });
    shop.calls.plan('charge', 'unsent', 'unsent', 'unsent');
    expect((await shop.place()).state).toBe('CONFIRMED');
    expect(countOf(shop, 'keepsKeys')).toBe(0);
    expect(shop.payment.charges).toHaveLength(1);
  });

  it('rejects the order when no call reached payment, and frees its key', async () => {
    const shop = openShop();
    shop.calls.plan('charge', ...times(4, 'unsent'));
    const order = await shop.place({ idempotencyKey: 'key' });
    expect(order).toMatchObject({ state: 'REJECTED', reason: 'PAYMENT_UNREACHABLE' });
    expect(countOf(shop, 'findCharge')).toBe(0);
    const repeat = await shop.place({ idempotencyKey: 'key' });
    expect(repeat.state).toBe('CONFIRMED');
    expect(repeat.purchase.orderId).not.toBe(order.purchase.orderId);
    expect(shop.payment.charges.map(({ key }) => key)).toEqual([chargeKey(order.purchase)]);
    await shop.sweepUntilQuiet();
    expect([...shop.email.sent]).toEqual([`confirmation ${repeat.purchase.orderId}`]);
  });

  it('makes no further attempt when the caller has no time for the pause before it', async () => {
    const shop = openShop();
    shop.calls.plan('charge', ...times(4, 'unsent'));
    // 250 ms before the deadline PlaceOrder returns, and the first pause takes 200 ms.
    using call = testCall(400);
    expect(await shop.place({}, call)).toMatchObject({ state: 'REJECTED', reason: 'PAYMENT_UNREACHABLE' });
    expect(countOf(shop, 'charge')).toBe(1);
  });

  it('fences a charge that never gets a response, and rejects the order', async () => {
    const shop = openShop();
    shop.calls.plan('charge', ...times(4, 'lost-before'));
    const order = await shop.place();
    expect(order).toMatchObject({ state: 'REJECTED', reason: 'PAYMENT_UNAVAILABLE' });
    const { purchase } = order;
    const late = { amount: purchase.total, card: COMMAND.card, idempotencyKey: chargeKey(purchase) };
    using call = testCall();
    expect(await shop.payment.charge(late, call)).toEqual({ kind: 'conflict' });
    expect(shop.payment.charges).toEqual([]);
    expect(shop.shipping.calledKeys).toEqual([]);
  });

  it('looks a charge up later when payment is unavailable', async () => {
    const shop = openShop();
    shop.calls.plan('charge', 'lost-after', ...times(3, 'lost-before'));
    shop.calls.plan('findCharge', 'lost-before', 'lost-before', 'lost-after');
    const order = await shop.place();
    expect(order.state).toBe('PLACED');
    await shop.sweepUntilQuiet();
    expect((await shop.find(order)).state).toBe('CONFIRMED');
    expect(shop.payment.charges).toHaveLength(1);
  });

  it('sends a cancellation when an order that was reported as in progress turns out not to be charged', async () => {
    const shop = openShop();
    shop.calls.plan('charge', ...times(4, 'lost-before'));
    shop.calls.plan('findCharge', 'lost-before');
    const order = await shop.place();
    await shop.sweepUntilQuiet();
    expect(await shop.find(order)).toMatchObject({ state: 'REJECTED', reason: 'PAYMENT_UNAVAILABLE' });
    expect([...shop.email.sent]).toEqual([`cancellation ${order.purchase.orderId}`]);
    expect(shop.email.orders[0]?.transactionId).toBeUndefined();
  });

  it('asks payment for the charge when a repeat is declined: the first attempt may have charged', async () => {
    const shop = openShop({ keepsKeys: true });
    shop.calls.plan('charge', 'lost-before', 'refused');
    expect(await shop.place()).toMatchObject({ state: 'REJECTED', reason: 'CARD_DECLINED' });
    expect(countOf(shop, 'findCharge')).toBe(1);
  });

  it.each(['lost-before', 'lost-after'] as const)(
    'never repeats a charge that was %s at a payment service without keys: the order needs manual intervention',
    async (result) => {
      const shop = openShop({ keepsKeys: false });
      shop.calls.plan('charge', result);
      const order = await shop.place();
      expect(order).toMatchObject({ state: 'PLACED', needsIntervention: true, reason: 'PAYMENT_UNKNOWN' });
      expect(shop.logged('order needs manual intervention')).toMatchObject([
        { level: 'error', orderId: order.purchase.orderId, reason: 'PAYMENT_UNKNOWN' },
      ]);
      await shop.sweepUntilQuiet(3);
      // The cart cannot be bought again as long as the charge is unknown.
      expect((await shop.place()).purchase.orderId).toBe(order.purchase.orderId);
      expect((await shop.place({ idempotencyKey: 'another' })).purchase.orderId).toBe(order.purchase.orderId);
      expect(countOf(shop, 'charge')).toBe(1);
      expect(shop.shipping.calledKeys).toEqual([]);
    },
  );
});

describe('an order that the shopper repeats after checkout was killed', () => {
  const KEY = { idempotencyKey: 'cart:v1:1' };

  /** Kills checkout at a call of the first attempt, and returns the next process. */
  async function afterKill(
    call: UpstreamCall,
    result: 'killed-before' | 'killed-after',
    prepare?: (shop: Shop) => void,
  ) {
    const world = openWorld();
    const first = openShop({ world });
    prepare?.(first);
    world.calls.plan(call, result);
    await first.place(KEY).catch(() => {});
    expect(first.isKilled()).toBe(true);
    return openShop({ world });
  }

  it.each([
    ['before payment had the charge', 'charge', 'killed-before'],
    ['between the charge and its response', 'charge', 'killed-after'],
    ['before shipping had the order', 'ship', 'killed-before'],
    ['between the shipment and its response', 'ship', 'killed-after'],
  ] as const)('is charged and shipped once when the kill came %s', async (_when, call, result) => {
    const shop = await afterKill(call, result);
    const order = await shop.place(KEY);
    expect(order.state).toBe('CONFIRMED');
    expect(shop.payment.charges).toHaveLength(1);
    expect(shop.keptFor(order)).toBe(order.purchase.total.nanos);
    expect([...shop.shipping.shipments.values()]).toMatchObject([{ cancelled: false }]);
  });

  it('is refused when the first attempt has already emptied the cart', async () => {
    const shop = await afterKill('emptyCart', 'killed-after');
    await expect(shop.place(KEY)).rejects.toMatchObject({ reason: 'CART_EMPTY' });
    expect(shop.payment.charges).toHaveLength(1);
  });

  it('keeps the charge of the first card when the repeat has another card and the same total', async () => {
    const shop = await afterKill('charge', 'killed-after');
    const card = { ...COMMAND.card, creditCardNumber: '5555555555554444' };
    expect((await shop.place({ ...KEY, card })).state).toBe('CONFIRMED');
    expect(shop.payment.charges).toHaveLength(1);
  });

  it('is refunded when the repeat has another total, and the next attempt is charged', async () => {
    const shop = await afterKill('charge', 'killed-after');
    const repeat = await shop.place({ ...KEY, currency: 'EUR' });
    expect(repeat).toMatchObject({ state: 'REJECTED', reason: 'EARLIER_ATTEMPT_CANCELLED' });
    expect(shop.keptFor(repeat)).toBe(0n);
    const next = await shop.place({ idempotencyKey: 'cart:v1:2', currency: 'EUR' });
    expect(next.state).toBe('CONFIRMED');
    expect(shop.payment.charges.map(({ refunded }) => refunded)).toEqual([136_960_000_000n, 0n]);
  });

  it('is refunded and its shipment cancelled when the repeat has another address', async () => {
    const shop = await afterKill('ship', 'killed-after');
    const address = { ...COMMAND.address, streetAddress: '1 Other Street' };
    const repeat = await shop.place({ ...KEY, address });
    expect(repeat).toMatchObject({ state: 'REJECTED', reason: 'EARLIER_ATTEMPT_CANCELLED' });
    expect(shop.keptFor(repeat)).toBe(0n);
    expect(shop.shipmentOf(repeat)).toMatchObject({ cancelled: true });
    expect(shop.shipping.calledKeys).toHaveLength(2);
  });

  it('stays rejected, and is not shipped, when the first attempt was refunded before the kill', async () => {
    const shop = await afterKill('cancel', 'killed-before', (first) => {
      first.calls.plan('ship', 'lost-after', 'lost-before', 'lost-before');
    });
    const repeat = await shop.place(KEY);
    expect(repeat).toMatchObject({ state: 'REJECTED', reason: 'EARLIER_ATTEMPT_CANCELLED' });
    expect(shop.keptFor(repeat)).toBe(0n);
    expect(shop.shipmentOf(repeat)).toMatchObject({ cancelled: true });
  });

  it('is refunded, and not shipped, when the shipment was cancelled before the kill but the charge not refunded', async () => {
    const shop = await afterKill('cancel', 'killed-after', (first) => {
      first.calls.plan('ship', 'lost-after', 'lost-before', 'lost-before');
      first.calls.plan('refund', 'lost-before');
    });
    const repeat = await shop.place(KEY);
    expect(repeat).toMatchObject({ state: 'REJECTED', reason: 'EARLIER_ATTEMPT_CANCELLED' });
    expect(shop.keptFor(repeat)).toBe(0n);
  });

  it('is rejected with nothing charged when the key was fenced before the kill, and the next attempt is charged', async () => {
    const shop = await afterKill('findCharge', 'killed-after', (first) => {
      first.calls.plan('charge', ...times(4, 'lost-before'));
    });
    expect(await shop.place(KEY)).toMatchObject({ state: 'REJECTED', reason: 'PAYMENT_UNAVAILABLE' });
    expect(shop.payment.charges).toEqual([]);
    expect((await shop.place({ idempotencyKey: 'cart:v1:2' })).state).toBe('CONFIRMED');
  });

  it('is rejected when the first card was declined before the kill and the repeat has another, and then charged', async () => {
    const world = openWorld();
    const first = openShop({ world });
    world.calls.plan('charge', 'refused');
    expect(await first.place(KEY)).toMatchObject({ state: 'REJECTED', reason: 'CARD_DECLINED' });
    const shop = openShop({ world });
    const card = { ...COMMAND.card, creditCardNumber: '5555555555554444' };
    expect(await shop.place({ ...KEY, card })).toMatchObject({ state: 'REJECTED', reason: 'PAYMENT_UNAVAILABLE' });
    expect(shop.payment.charges).toEqual([]);
    expect((await shop.place({ idempotencyKey: 'cart:v1:2', card })).state).toBe('CONFIRMED');
  });
});

describe('the shipping step', () => {
  it('refunds the charge and cancels the shipment when shipping refuses', async () => {
    const shop = openShop();
    shop.calls.plan('ship', 'refused');
    const order = await shop.place();
    expect(order).toMatchObject({ state: 'REJECTED', reason: 'SHIPPING_REFUSED' });
    expect(statesOf(order)).toEqual(['PLACED', 'PAID', 'REFUNDING', 'REJECTED']);
    expect(shop.keptFor(order)).toBe(0n);
    expect(shop.payment.charges).toHaveLength(1);
    expect(shop.cart.now().lines).not.toEqual([]);
    await shop.sweepUntilQuiet();
    expect([...shop.email.sent]).toEqual([`cancellation ${order.purchase.orderId}`]);
  });

  it('makes three attempts with one key, and then refunds the charge and cancels the shipment', async () => {
    const shop = openShop();
    shop.calls.plan('ship', 'lost-before', 'lost-after', 'lost-before');
    const order = await shop.place();
    const key = shipmentKey(order.purchase);
    expect(order).toMatchObject({ state: 'REJECTED', reason: 'SHIPPING_UNAVAILABLE' });
    expect(shop.shipping.calledKeys).toEqual([key, key, key]);
    expect(shop.shipmentOf(order)).toMatchObject({ cancelled: true });
    expect(shop.keptFor(order)).toBe(0n);
    await shop.sweepUntilQuiet();
    expect([...shop.email.sent]).toEqual([`cancellation ${order.purchase.orderId}`]);
  });

  it('fences the key of a shipment that never happened: a late ShipOrder ships nothing', async () => {
    const shop = openShop();
    shop.calls.plan('ship', 'lost-before', 'lost-before', 'lost-before');
    const { purchase } = await shop.place();
    const late = { address: purchase.address, goods: purchase.lines, idempotencyKey: shipmentKey(purchase) };
    using call = testCall();
    expect(await shop.shipping.ship(late, call)).toEqual({ kind: 'conflict' });
    expect(shop.shipping.shipments.size).toBe(0);
  });

  it('ships once when the response of an attempt was lost', async () => {
    const shop = openShop();
    shop.calls.plan('ship', 'lost-before', 'lost-after');
    expect((await shop.place()).state).toBe('CONFIRMED');
    expect(shop.shipping.shipments.size).toBe(1);
  });

  it('cancels a shipment whose event was not stored before shipping refused a repeat', async () => {
    let appends = 0;
    const shop = openShop({
      wrapStore: (store) => ({
        ...store,
        append: async (order, event, tasks) => {
          appends += 1;
          if (event.type === 'shipped' && appends === 2) throw new Error('the store is unavailable');
          return await store.append(order, event, tasks);
        },
      }),
    });
    const order = await shop.place();
    expect(order.state).toBe('PAID');
    shop.calls.plan('ship', 'refused');
    await shop.sweepUntilQuiet();
    expect(await shop.find(order)).toMatchObject({ state: 'REJECTED', reason: 'SHIPPING_REFUSED' });
    expect(shop.shipmentOf(order)).toMatchObject({ cancelled: true });
    expect(shop.keptFor(order)).toBe(0n);
  });
});

describe('the compensation step', () => {
  it.each([
    ['fails', 'lost-before'],
    ['is not implemented', 'unimplemented'],
  ] as const)('retries a refund that %s until it succeeds, while the order is REFUNDING', async (_what, result) => {
    const shop = openShop();
    shop.calls.plan('ship', 'refused');
    shop.calls.plan('refund', ...times(20, result));
    const order = await shop.place();
    expect(order).toMatchObject({ state: 'REFUNDING', open: { refund: true } });
    await shop.sweepUntilQuiet(18);
    expect(await shop.find(order)).toMatchObject({ state: 'REFUNDING' });
    expect(shop.keptFor(order)).toBe(order.purchase.total.nanos);
    expect(shop.email.sent.size).toBe(0);
    await shop.sweepUntilQuiet(5);
    expect(await shop.find(order)).toMatchObject({ state: 'REJECTED', reason: 'SHIPPING_REFUSED' });
    expect(shop.keptFor(order)).toBe(0n);
    expect(shop.logged('order processing failed')).toHaveLength(20);
    expect([...shop.email.sent]).toEqual([`cancellation ${order.purchase.orderId}`]);
  });

  it.each([
    ['refund', 'REFUND_REFUSED', 'cancel'],
    ['cancel', 'CANCELLATION_REFUSED', 'refund'],
  ] as const)('reports a refused %s at once as %s, and does not repeat it', async (call, reason, other) => {
    const shop = openShop();
    shop.calls.plan('ship', 'refused');
    shop.calls.plan(call, 'refused');
    const order = await shop.place();
    expect(order).toMatchObject({ state: 'REFUNDING', needsIntervention: true, reason: 'SHIPPING_REFUSED' });
    expect(shop.logged('order needs manual intervention')).toMatchObject([
      { level: 'error', orderId: order.purchase.orderId, reason },
    ]);
    expect(shop.logged('compensation refused')).toMatchObject([{ level: 'error', cause: expect.anything() }]);
    await shop.sweepUntilQuiet(5);
    expect([countOf(shop, call), countOf(shop, other)]).toEqual([1, 1]);
    expect((await shop.find(order)).state).toBe('REFUNDING');
  });

  it('goes on with the cancellation when the refund is refused', async () => {
    const shop = openShop();
    shop.calls.plan('ship', 'lost-after', 'lost-before', 'lost-before');
    shop.calls.plan('refund', 'refused');
    shop.calls.plan('cancel', 'lost-before');
    const order = await shop.place();
    expect(shop.shipmentOf(order)).toMatchObject({ cancelled: false });
    await shop.sweepUntilQuiet(3);
    expect(shop.shipmentOf(order)).toMatchObject({ cancelled: true });
    expect(countOf(shop, 'refund')).toBe(1);
  });

  it('refunds the charge without waiting for a cancellation that fails', async () => {
    const shop = openShop();
    shop.calls.plan('ship', 'lost-after', 'lost-before', 'lost-before');
    shop.calls.plan('cancel', 'unimplemented', 'unimplemented', 'unimplemented');
    const order = await shop.place();
    expect(order).toMatchObject({ state: 'REFUNDING', open: { refund: false, shipment: true } });
    expect(shop.keptFor(order)).toBe(0n);
    await shop.sweepUntilQuiet(2);
    expect((await shop.find(order)).state).toBe('REFUNDING');
    await shop.sweepUntilQuiet();
    expect((await shop.find(order)).state).toBe('REJECTED');
    expect(countOf(shop, 'refund')).toBe(1);
  });

  it('cancels the shipment without waiting for a refund that fails', async () => {
    const shop = openShop();
    shop.calls.plan('ship', 'lost-after', 'lost-before', 'lost-before');
    shop.calls.plan('refund', 'unimplemented');
    const order = await shop.place();
    expect(order).toMatchObject({ state: 'REFUNDING', open: { refund: true, shipment: false } });
    expect(shop.shipmentOf(order)).toMatchObject({ cancelled: true });
  });

  it('refunds the charge before it cancels the shipment', async () => {
    const shop = openShop();
    shop.calls.plan('ship', 'lost-before', 'lost-before', 'lost-before');
    await shop.place();
    expect(shop.calls.made.slice(-2)).toEqual(['refund', 'cancel']);
  });
});

describe('a resumed run', () => {
  const placeStuck = async (shop: Shop) => {
    shop.calls.plan('charge', 'lost-after', ...times(3, 'lost-before'));
    shop.calls.plan('findCharge', 'lost-before');
    return await shop.place();
  };

  it('begins with the order as stored, and not with an older one that its caller knows', async () => {
    const shop = openShop();
    const old = await placeStuck(shop);
    await shop.sweepUntilQuiet();
    const before = [...shop.calls.made];
    const now = await shop.runner.run(old, { kind: 'resumed', requestId: 'test' });
    expect(now.state).toBe('CONFIRMED');
    expect(shop.calls.made).toEqual(before);
  });

  it('runs at most once at a time for an order', async () => {
    const shop = openShop();
    const order = await placeStuck(shop);
    const runs = Array.from({ length: 5 }, () => shop.runner.run(order, { kind: 'resumed', requestId: 'test' }));
    const ends = await Promise.all([...runs, shop.recover.sweep()]);
    expect(ends.slice(0, 5).map((end) => end?.state)).toEqual(times(5, 'ok').map(() => 'CONFIRMED'));
    expect(countOf(shop, 'findCharge')).toBe(2);
    expect(shop.shipping.calledKeys).toHaveLength(1);
  });
});
