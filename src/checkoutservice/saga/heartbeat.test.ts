import { eventually } from '../../lib/testing/eventually.ts';
import { LEASE_MS } from '../store/order-store.ts';
import { openShop, type Shop } from './shop.testing.ts';

/** Places an order whose charge hangs until `open` is called. */
async function placeHanging(shop: Shop) {
  let open = (): void => {};
  shop.calls.plan(
    'charge',
    new Promise<void>((resolve) => {
      open = resolve;
    }),
  );
  const placed = shop.place();
  await eventually('the charge hangs', () => shop.calls.made.includes('charge'));
  return { placed, open: () => open() };
}

describe('the lease of an order', () => {
  it('is renewed while a step takes longer than a lease, and no other process resumes the order', async () => {
    const shop = openShop();
    const { placed, open } = await placeHanging(shop);
    // The other replica shares the store and the upstreams; its clock is the same.
    const other = openShop({ world: shop.world, wrapStore: () => shop.memory });
    for (let third = 0; third < 9; third += 1) {
      shop.pass(LEASE_MS / 3);
      other.pass(LEASE_MS / 3);
      shop.heartbeat.beat();
      await other.recover.sweep();
    }
    expect(shop.calls.made.filter((call) => call === 'findCharge')).toEqual([]);
    open();
    expect((await placed).state).toBe('CONFIRMED');
  });

  it('expires when its process is gone, and another process resumes the order', async () => {
    const shop = openShop();
    const { placed, open } = await placeHanging(shop);
    const other = openShop({ world: shop.world, wrapStore: () => shop.memory });
    other.pass(LEASE_MS - 1);
    await other.recover.sweep();
    expect(shop.calls.made).not.toContain('findCharge');
    other.pass(1);
    await other.recover.sweep();
    expect((await shop.orders())[0]).toMatchObject({ state: 'REJECTED', reason: 'PAYMENT_UNAVAILABLE' });
    // The first process was not gone, but slow: its charge is refused by the fenced key, and its event by the version.
    open();
    expect(await placed).toMatchObject({ state: 'REJECTED', reason: 'PAYMENT_UNAVAILABLE' });
    expect(shop.payment.charges).toEqual([]);
  });

  it('is no longer renewed after the steps of the order', async () => {
    const shop = openShop();
    await shop.place();
    expect(shop.heartbeat.intervals).toEqual([LEASE_MS / 3]);
    expect(shop.heartbeat.isRunning()).toBe(false);
  });

  it('is not needed by a step that ends before it expires: a failed renewal is ignored', async () => {
    const fail = async () => await Promise.reject(new Error('the store is away'));
    const shop = openShop({ wrapStore: (store) => ({ ...store, renew: fail }) });
    const { placed, open } = await placeHanging(shop);
    shop.heartbeat.beat();
    open();
    expect((await placed).state).toBe('CONFIRMED');
  });
});
