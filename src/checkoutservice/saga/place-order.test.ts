import { setImmediate } from 'node:timers/promises';
import { cartKeyOf, orderKey } from '../../domain/order-key.ts';
import { beginCall } from '../../lib/grpc/call-context.ts';
import { eventually } from '../../lib/testing/eventually.ts';
import { testCall } from '../../lib/testing/test-client.ts';
import type { UpstreamCall } from './failure-plan.testing.ts';
import { MUGS_AND_WATCH } from './fakes.testing.ts';
import { openShop, openWorld, type Shop } from './shop.testing.ts';
import { shipmentKey } from './step-keys.ts';

/** A gate that blocks calls until it is opened. */
function gate(): { readonly closed: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const closed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { closed, open };
}

const countOf = (shop: Shop, call: UpstreamCall): number => shop.calls.made.filter((made) => made === call).length;

describe('placing an order', () => {
  it('charges, ships, empties the cart and sends one mail', async () => {
    const shop = openShop();
    const order = await shop.place();
    expect(order).toMatchObject({ state: 'CONFIRMED', trackingId: `parcel-${shipmentKey(order.purchase)}` });
    expect(order.history.map(({ state }) => state)).toEqual(['PLACED', 'PAID', 'SHIPPED', 'CONFIRMED']);
    expect(order.purchase.total).toEqual({ currency: 'USD', nanos: 136_960_000_000n });
    expect(shop.keptFor(order)).toBe(136_960_000_000n);
    expect(shop.cart.now().lines).toEqual([]);
    await shop.sweepUntilQuiet();
    expect([...shop.email.sent]).toEqual([`confirmation ${order.purchase.orderId}`]);
  });

  it('throws CART_CHANGED when the key names another version of the cart', async () => {
    const shop = openShop();
    await expect(
      shop.place({ idempotencyKey: orderKey({ cartKey: cartKeyOf('v0'), attempt: 1 }) }),
    ).rejects.toMatchObject({ reason: 'CART_CHANGED' });
    expect(shop.calls.made).toEqual(['getCart']);
    expect(await shop.orders()).toEqual([]);
    const version = shop.cart.now().version ?? '';
    expect(await shop.place({ idempotencyKey: orderKey({ cartKey: cartKeyOf(version), attempt: 1 }) })).toMatchObject({
      state: 'CONFIRMED',
    });
  });

  it('ignores the version in the key when the cart has no versions', async () => {
    const shop = openShop({ hasVersions: false });
    expect(await shop.place({ idempotencyKey: orderKey({ cartKey: cartKeyOf('v0'), attempt: 1 }) })).toMatchObject({
      state: 'CONFIRMED',
    });
  });

  it('prices in the requested currency', async () => {
    const order = await openShop().place({ currency: 'EUR' });
    // 4.495, 54.995 and 4.495 EUR are 4.50, 55.00 and 4.50.
    expect(order.purchase.total).toEqual({ currency: 'EUR', nanos: 68_500_000_000n });
  });

  it.each([
    ['another amount', { currency: 'USD', nanos: 136_950_000_000n }],
    ['another currency', { currency: 'EUR', nanos: 136_960_000_000n }],
  ])(
    'throws TOTAL_CHANGED with the total when the shopper agreed to %s, and stores and charges nothing',
    async (_what, expectedTotal) => {
      const shop = openShop();
      await expect(shop.place({ expectedTotal })).rejects.toMatchObject({
        reason: 'TOTAL_CHANGED',
        metadata: { currency: 'USD', total: '136.96' },
      });
      expect(await shop.orders()).toEqual([]);
      expect(shop.calls.made).not.toContain('charge');
    },
  );

  it('returns the stored order to a repeat with the total of then, although prices have changed', async () => {
    const shop = openShop();
    const idempotencyKey = 'key';
    const agreed = { idempotencyKey, expectedTotal: { currency: 'USD', nanos: 136_960_000_000n } };
    const order = await shop.place(agreed);
    expect(order.state).toBe('CONFIRMED');
    expect(await shop.place({ ...agreed, currency: 'EUR' })).toEqual(order);
  });

  it('never stores the card', async () => {
    const shop = openShop();
    const order = await shop.place();
    const everything = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
    expect(JSON.stringify([order, shop.email.orders], everything)).not.toContain('4432801561520454');
    expect(JSON.stringify(shop.logged('order placed'))).not.toContain('4432801561520454');
  });

  it('rejects a declined card without a charge, and charges the next card for the same cart', async () => {
    const shop = openShop();
    shop.calls.plan('charge', 'refused');
    const declined = await shop.place();
    expect(declined).toMatchObject({ state: 'REJECTED', reason: 'CARD_DECLINED' });
    expect(shop.payment.charges).toEqual([]);
    expect(shop.cart.now().lines).toEqual(MUGS_AND_WATCH);
    const second = await shop.place();
    expect(second.state).toBe('CONFIRMED');
    expect(second.purchase.orderId).not.toBe(declined.purchase.orderId);
    expect(shop.payment.charges).toHaveLength(1);
    await shop.sweepUntilQuiet();
    expect([...shop.email.sent]).toEqual([`confirmation ${second.purchase.orderId}`]);
  });

  it('creates two orders when the same goods are bought twice', async () => {
    const shop = openShop();
    const first = await shop.place();
    shop.cart.fill(MUGS_AND_WATCH);
    const second = await shop.place();
    expect(second.state).toBe('CONFIRMED');
    expect(second.purchase.orderId).not.toBe(first.purchase.orderId);
    expect(shop.payment.charges).toHaveLength(2);
    expect(shop.shipping.shipments.size).toBe(2);
  });

  describe('repeated', () => {
    const expectOne = async (shop: Shop): Promise<void> => {
      await shop.sweepUntilQuiet();
      expect(await shop.orders()).toHaveLength(1);
      expect(shop.payment.charges).toHaveLength(1);
      expect(shop.shipping.shipments.size).toBe(1);
      expect(shop.email.sent.size).toBe(1);
      expect(countOf(shop, 'charge')).toBe(1);
      expect(countOf(shop, 'ship')).toBe(1);
    };

    it('with the same key returns the same order', async () => {
      const shop = openShop();
      const first = await shop.place({ idempotencyKey: 'key' });
      expect(await shop.place({ idempotencyKey: 'key' })).toEqual(first);
      await expectOne(shop);
    });

    it('with the same key returns the same rejection', async () => {
      const shop = openShop();
      shop.calls.plan('charge', 'refused');
      const first = await shop.place({ idempotencyKey: 'key' });
      expect(await shop.place({ idempotencyKey: 'key' })).toEqual(first);
      expect(countOf(shop, 'charge')).toBe(1);
    });

    it.each([
      ['with the same key', { idempotencyKey: 'key' }],
      ['without a key', {}],
    ])('ten times concurrently %s creates one order, one charge, one shipment and one mail', async (_what, change) => {
      const shop = openShop();
      const orders = await Promise.all(Array.from({ length: 10 }, () => shop.place(change)));
      expect(new Set(orders.map(({ purchase }) => purchase.orderId)).size).toBe(1);
      expect(new Set(orders.map(({ state }) => state))).toEqual(new Set(['CONFIRMED']));
      await expectOne(shop);
    });

    it('while the first call is charging returns the order of the first call, even when the repeat itself fails', async () => {
      const shop = openShop();
      const { closed, open } = gate();
      shop.calls.plan('charge', closed);
      const first = shop.place({ idempotencyKey: 'key' });
      await eventually('it is charged', () => countOf(shop, 'charge') === 1);
      const second = shop.place({ idempotencyKey: 'key' });
      open();
      expect(await second).toEqual(await first);
      await expectOne(shop);
    });

    it('returns the order of a concurrent duplicate when its own upstream call failed', async () => {
      const shop = openShop();
      const { closed, open } = gate();
      const failing = closed.then(() => Promise.reject(new Error('no response')));
      shop.calls.plan('products', failing);
      const late = shop.place({ idempotencyKey: 'key' });
      await eventually('products are requested', () => countOf(shop, 'products') === 1);
      const duplicate = await shop.place({ idempotencyKey: 'key' });
      open();
      expect(await late).toEqual(duplicate);
      await expectOne(shop);
    });

    it('from a second form of the same cart returns the same order', async () => {
      const shop = openShop();
      const { closed, open } = gate();
      shop.calls.plan('charge', closed);
      const first = shop.place({ idempotencyKey: 'stale form' });
      await eventually('it is charged', () => countOf(shop, 'charge') === 1);
      const second = shop.place({ idempotencyKey: 'fresh form' });
      await eventually('it is priced', () => countOf(shop, 'quote') === 2);
      open();
      expect((await second).purchase.orderId).toBe((await first).purchase.orderId);
      expect((await shop.place({ idempotencyKey: 'fresh form' })).state).toBe('CONFIRMED');
      await expectOne(shop);
    });

    it('without a key returns the unfinished order without pricing the cart again', async () => {
      const shop = openShop();
      const { closed, open } = gate();
      shop.calls.plan('charge', closed);
      const first = shop.place();
      await eventually('it is charged', () => countOf(shop, 'charge') === 1);
      shop.calls.plan('products', 'lost-before');
      const second = shop.place();
      open();
      expect(await second).toEqual(await first);
      await expectOne(shop);
    });

    it('without a key and without cart versions creates another order', async () => {
      const shop = openShop({ hasVersions: false });
      await shop.place();
      shop.cart.fill(MUGS_AND_WATCH);
      await shop.place();
      expect(shop.payment.charges).toHaveLength(2);
    });
  });

  describe('fails before an order is stored', () => {
    it.each([
      ['an empty cart', (shop: Shop) => shop.cart.fill([]), 'CART_EMPTY'],
      ['a negative quantity', (shop: Shop) => shop.cart.fill([{ productId: 'mug', quantity: -1 }]), 'CART_UNUSABLE'],
      [
        'a hundred and one lines',
        (shop: Shop) => shop.cart.fill(Array.from({ length: 101 }, () => ({ productId: 'mug', quantity: 1 }))),
        'CART_UNUSABLE',
      ],
      ['a product that is gone', (shop: Shop) => shop.cart.fill([{ productId: 'hat', quantity: 1 }]), 'PRODUCT_GONE'],
    ])('with %s', async (_what, prepare, reason) => {
      const shop = openShop();
      prepare(shop);
      await expect(shop.place()).rejects.toMatchObject({ kind: 'precondition', reason });
      expect(await shop.orders()).toEqual([]);
      expect(countOf(shop, 'charge')).toBe(0);
    });

    it('in an unknown currency', async () => {
      const shop = openShop();
      await expect(shop.place({ currency: 'AED' })).rejects.toMatchObject({ reason: 'USER_CURRENCY_INVALID' });
      expect(await shop.orders()).toEqual([]);
    });

    it.each(['getCart', 'products', 'quote', 'convert'] as const)('when %s fails', async (call) => {
      const shop = openShop();
      shop.calls.plan(call, 'lost-before');
      await expect(shop.place()).rejects.toMatchObject({ isOutage: true });
      expect(await shop.orders()).toEqual([]);
      expect((await shop.place()).state).toBe('CONFIRMED');
    });

    it('when its caller has cancelled', async () => {
      const shop = openShop();
      const { closed, open } = gate();
      shop.calls.plan('convert', closed);
      const call = testCall();
      const placing = shop.place({}, call);
      await eventually('conversion is requested', () => countOf(shop, 'convert') === 1);
      call[Symbol.dispose]();
      open();
      await expect(placing).rejects.toMatchObject({ name: 'AbortError' });
      expect(await shop.orders()).toEqual([]);
    });

    // Hours, so that delays of the machine are negligible.
    it.each([
      ['half of the time', 4 * 3_600_000, 2 * 3_600_000],
      ['all but 250 ms of a short time', 400, 250],
    ])('when pricing takes longer than %s', async (_what, budgetMs, reservedMs) => {
      const deadlines: number[] = [];
      using call = beginCall({ budgetMs, requestId: 'test' });
      const world = openWorld();
      const { getCart } = world.cart;
      Object.assign(world.cart, {
        getCart: async (userId: string, context: typeof call) => {
          deadlines.push(call.deadlineMs - context.deadlineMs);
          return await getCart(userId, context);
        },
      });
      await openShop({ world })
        .place({}, call)
        .catch(() => {});
      expect(deadlines).toHaveLength(1);
      expect((deadlines[0] ?? 0) / reservedMs).toBeCloseTo(1, 2);
    });
  });

  describe('that exceeds the deadline', () => {
    it('returns 250 ms before the deadline with the current state of the order, and the order is finished', async () => {
      jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
      try {
        const shop = openShop();
        const { closed, open } = gate();
        shop.calls.plan('ship', closed);
        using call = beginCall({ budgetMs: 1250, requestId: 'test' });
        let hasResponse = false;
        const placing = shop.place({}, call).finally(() => {
          hasResponse = true;
        });
        while (countOf(shop, 'ship') === 0) await setImmediate();
        jest.advanceTimersByTime(999);
        await setImmediate();
        expect(hasResponse).toBe(false);
        jest.advanceTimersByTime(1);
        const order = await placing;
        expect(order.state).toBe('PAID');
        open();
        while ((await shop.find(order)).state !== 'CONFIRMED') await setImmediate();
        expect(shop.payment.charges).toHaveLength(1);
      } finally {
        jest.useRealTimers();
      }
    });

    it('is confirmed although its caller cancels after the charge', async () => {
      const shop = openShop();
      const { closed, open } = gate();
      shop.calls.plan('ship', closed);
      const call = testCall();
      const placing = shop.place({}, call);
      await eventually('it is shipped', () => countOf(shop, 'ship') === 1);
      call[Symbol.dispose]();
      open();
      expect((await placing).state).toBe('CONFIRMED');
    });
  });

  it('returns the order as in progress, and no error, when the store becomes unavailable after the charge', async () => {
    let isUnavailable = false;
    const shop = openShop({
      wrapStore: (store) => {
        const unlessUnavailable =
          <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
          async (...args: A): Promise<R> => {
            if (isUnavailable) throw new Error('the store is unavailable');
            return await work(...args);
          };
        const { append, get, release } = store;
        return {
          ...store,
          append: unlessUnavailable(append),
          get: unlessUnavailable(get),
          release: unlessUnavailable(release),
        };
      },
    });
    const { closed, open } = gate();
    shop.calls.plan('charge', closed);
    const placing = shop.place();
    await eventually('it is charged', () => countOf(shop, 'charge') === 1);
    isUnavailable = true;
    open();
    const order = await placing;
    expect(order.state).toBe('PLACED');
    expect(shop.logged('order processing failed')).toHaveLength(1);
    isUnavailable = false;
    await shop.sweepUntilQuiet();
    expect((await shop.find(order)).state).toBe('CONFIRMED');
    expect(shop.payment.charges).toHaveLength(1);
  });

  it('returns the stored order while another process has claimed it', async () => {
    const shop = openShop();
    const { closed, open } = gate();
    shop.calls.plan('ship', closed);
    const first = shop.place({ idempotencyKey: 'key' });
    await eventually('it is shipped', () => countOf(shop, 'ship') === 1);
    const [inProgress] = await shop.orders();
    const elsewhere = openShop({ wrapStore: () => shop.memory });
    const second = await elsewhere.place({ idempotencyKey: 'key' });
    expect(second).toEqual(inProgress);
    expect(elsewhere.calls.made).toEqual([]);
    await elsewhere.recover.sweep();
    expect(elsewhere.calls.made).toEqual([]);
    open();
    expect((await first).state).toBe('CONFIRMED');
  });
});
