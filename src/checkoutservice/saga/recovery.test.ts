import { eventually } from '../../lib/testing/eventually.ts';
import type { Order } from '../order/order.ts';
import { MAX_CONCURRENT } from '../outbox/concurrency.ts';
import { purchaseOf } from '../store/order-store.contract.ts';
import { LEASE_MS, type OrderStore } from '../store/order-store.ts';
import type { CallResult } from './failure-plan.testing.ts';
import { MUGS_AND_WATCH } from './fakes.testing.ts';
import { openShop, type Shop } from './shop.testing.ts';

const times = (count: number, fate: CallResult): CallResult[] => Array.from({ length: count }, () => fate);

describe('a sweep', () => {
  /** A shop with 600 orders that a crash left unfinished, and how many orders each read of them returned. */
  async function shopAfterCrash() {
    const sizes: number[] = [];
    const wrapStore = (store: OrderStore): OrderStore => ({
      ...store,
      unfinished: async (nowMs, limit) => {
        const batch = await store.unfinished(nowMs, limit);
        sizes.push(batch.length);
        return batch;
      },
    });
    const shop = openShop({ wrapStore });
    for (let number = 0; number < 600; number += 1) {
      await shop.memory.create(purchaseOf({ orderId: `order-${number}`, userId: `user-${number}` }), shop.now());
    }
    shop.pass(LEASE_MS);
    return { shop, sizes };
  }

  it('resumes all orders that a crash left unfinished, in batches', async () => {
    const { shop, sizes } = await shopAfterCrash();
    await shop.recover.sweep();
    expect((await shop.memory.backlog()).unfinished.size).toBe(0);
    expect(Math.max(...sizes)).toBeLessThan(600);
  });

  it('reads no further orders while an earlier sweep has enough of them', async () => {
    const { shop, sizes } = await shopAfterCrash();
    let open = (): void => {};
    const closed = new Promise<void>((resolve) => {
      open = resolve;
    });
    shop.calls.plan('findCharge', ...times(MAX_CONCURRENT, closed));
    const first = shop.recover.sweep();
    await eventually('every place is taken', () => shop.calls.made.length === MAX_CONCURRENT);
    const second = shop.recover.sweep();
    open();
    await Promise.all([first, second]);
    expect((await shop.memory.backlog()).unfinished.size).toBe(0);
    expect(sizes).toEqual([256, 256, 88]);
  });
});

describe('the outbox', () => {
  it('sends a mail once after three failed attempts', async () => {
    const shop = openShop();
    shop.calls.plan('sendConfirmation', ...times(3, 'lost-before'));
    const { purchase } = await shop.place();
    await shop.recover.sweep();
    await shop.recover.sweep();
    // Each pause is longer than the one before.
    expect(shop.calls.made.filter((call) => call === 'sendConfirmation')).toHaveLength(1);
    await shop.sweepUntilQuiet();
    expect([...shop.email.sent]).toEqual([`confirmation ${purchase.orderId}`]);
    expect(shop.logged('task failed').map(({ level, tries }) => [level, tries])).toEqual([
      ['warn', 1],
      ['warn', 2],
      ['warn', 3],
    ]);
  });

  it('dead-letters a mail after ten failed attempts and logs it', async () => {
    const shop = openShop();
    shop.calls.plan('sendConfirmation', ...times(10, 'lost-before'));
    const { purchase } = await shop.place();
    await shop.sweepUntilQuiet();
    await shop.recover.sweep();
    expect(shop.email.sent.size).toBe(0);
    expect(shop.calls.made.filter((call) => call === 'sendConfirmation')).toHaveLength(10);
    expect(shop.logged('task dead-lettered')).toMatchObject([
      { level: 'error', orderId: purchase.orderId, task: 'send-confirmation', tries: 10 },
    ]);
  });

  it.each(['refused', 'unimplemented'] as const)('dead-letters a mail at once that is %s', async (fate) => {
    const shop = openShop();
    shop.calls.plan('sendConfirmation', fate);
    await shop.place();
    await shop.sweepUntilQuiet();
    expect(shop.calls.made.filter((call) => call === 'sendConfirmation')).toHaveLength(1);
    expect(shop.logged('task dead-lettered')).toMatchObject([{ level: 'error', tries: 1 }]);
  });

  it('sends no second mail when the response was lost', async () => {
    const shop = openShop();
    shop.calls.plan('sendConfirmation', 'lost-after');
    await shop.place();
    await shop.sweepUntilQuiet();
    expect(shop.email.orders).toHaveLength(1);
  });

  it('retries emptying the cart without delaying the order', async () => {
    const shop = openShop();
    shop.calls.plan('emptyCart', 'lost-before', 'lost-before');
    expect((await shop.place()).state).toBe('CONFIRMED');
    expect(shop.cart.now().lines).not.toEqual([]);
    await shop.sweepUntilQuiet();
    expect(shop.cart.now().lines).toEqual([]);
  });

  it('never empties a cart that was written since', async () => {
    const shop = openShop();
    shop.calls.plan('emptyCart', 'lost-before');
    await shop.place();
    shop.cart.fill([{ productId: 'mug', quantity: 1 }]);
    await shop.sweepUntilQuiet();
    expect(shop.cart.now().lines).toEqual([{ productId: 'mug', quantity: 1 }]);
  });

  it('creates no second order for a cart that is not emptied yet', async () => {
    const shop = openShop();
    shop.calls.plan('emptyCart', 'lost-before');
    const first = await shop.place({ idempotencyKey: 'key' });
    expect((await shop.place({ idempotencyKey: 'another key' })).purchase.orderId).toBe(first.purchase.orderId);
    expect((await shop.place()).purchase.orderId).toBe(first.purchase.orderId);
    expect(shop.payment.charges).toHaveLength(1);
  });
});

describe('a sweep', () => {
  const gate = () => {
    let open = (): void => {};
    const closed = new Promise<void>((resolve) => {
      open = resolve;
    });
    return { closed, open };
  };
  const placeStuck = async (shop: Shop): Promise<Order> => {
    shop.cart.fill(MUGS_AND_WATCH);
    shop.calls.plan('ship', 'refused');
    shop.calls.plan('refund', 'lost-before');
    return await shop.place();
  };

  it('resumes an order while another one hangs', async () => {
    const shop = openShop();
    const [first, second] = [await placeStuck(shop), await placeStuck(shop)];
    const { closed, open } = gate();
    shop.calls.plan('refund', closed);
    const sweep = shop.recover.sweep();
    await eventually('the other one is refunded', async () => (await shop.find(second)).state === 'REJECTED');
    expect((await shop.find(first)).state).toBe('REFUNDING');
    open();
    await sweep;
    expect((await shop.find(first)).state).toBe('REJECTED');
  });

  it('resumes an order that becomes due while an earlier sweep hangs', async () => {
    const shop = openShop();
    const first = await placeStuck(shop);
    const { closed, open } = gate();
    shop.calls.plan('refund', closed);
    const sweep = shop.recover.sweep();
    await eventually('the first one hangs', () => shop.calls.made.filter((call) => call === 'refund').length === 2);
    const second = await placeStuck(shop);
    await shop.recover.sweep();
    expect((await shop.find(second)).state).toBe('REJECTED');
    expect((await shop.find(first)).state).toBe('REFUNDING');
    open();
    await sweep;
    expect((await shop.find(first)).state).toBe('REJECTED');
  });

  it('resumes an order while a mail hangs', async () => {
    const shop = openShop();
    const { closed, open } = gate();
    shop.calls.plan('sendConfirmation', closed);
    await shop.place();
    const sweep = shop.recover.sweep();
    await eventually('the mail hangs', () => shop.calls.made.includes('sendConfirmation'));
    const stuck = await placeStuck(shop);
    const next = shop.recover.sweep();
    await eventually('the order is refunded', async () => (await shop.find(stuck)).state === 'REJECTED');
    open();
    await Promise.all([sweep, next]);
  });

  it('increases the pause after each failure, up to a minute', async () => {
    const shop = openShop();
    shop.calls.plan('ship', 'refused');
    shop.calls.plan('refund', ...times(40, 'lost-before'));
    await shop.place();
    const refundsIn = async (seconds: number): Promise<number> => {
      const before = shop.calls.made.length;
      for (let second = 0; second < seconds; second += 1) {
        await shop.recover.sweep();
        shop.pass(1000);
      }
      return shop.calls.made.length - before;
    };
    // At 0, 1, 3, 7, 15 and 31 seconds, then at 63 and 123.
    expect(await refundsIn(32)).toBe(6);
    expect(await refundsIn(600)).toBe(10);
  });

  it('ignores the pauses when it is the last one, and reports the unfinished orders', async () => {
    const shop = openShop();
    shop.calls.plan('ship', 'refused');
    shop.calls.plan('refund', ...times(3, 'lost-before'));
    const order = await shop.place();
    await shop.recover.sweep();
    await shop.recover.lastSweep();
    expect(shop.logged('order unfinished at shutdown')).toMatchObject([
      { level: 'error', orderId: order.purchase.orderId, orderState: 'REFUNDING', transactionId: 'tx-0' },
    ]);
    await shop.recover.lastSweep();
    expect((await shop.find(order)).state).toBe('REJECTED');
    expect([...shop.email.sent]).toEqual([`cancellation ${order.purchase.orderId}`]);
    expect(shop.logged('order unfinished at shutdown')).toHaveLength(1);
  });
});
