import { TEST_START_MS } from '../../lib/testing/test-runtime.ts';
import type { OrderOperations, OrderStore } from './order-store.ts';

/** What every store does with the sample of an order of its first version: order `o1` of Ann, shipped and not confirmed. */
export function itReadsTheSample(subject: () => OrderStore & OrderOperations): void {
  it('is read with its addresses, in every way', async () => {
    const store = subject();
    const order = await store.get('o1');
    expect(order).toMatchObject({ state: 'SHIPPED', version: 3, purchase: { email: 'ann@example.com' } });
    expect(await store.findByKey('ann', 'cart:v1:1')).toEqual(order);
    expect(await store.list('ann', { limit: 9, afterOrderId: undefined })).toEqual([order]);
    expect(await store.unfinished(TEST_START_MS, 9)).toEqual([order]);
    expect((await store.events('o1'))[0]).toMatchObject({ purchase: { address: { city: 'Lyon' } } });
  });

  it('is rebuilt to an equal order, and goes on', async () => {
    const store = subject();
    const before = await store.get('o1');
    if (before === undefined) throw new Error('the order was not read');
    await store.rebuild({ by: 'olga', why: 'test' }, TEST_START_MS);
    expect(await store.storeEvents()).toHaveLength(1);
    expect(await store.get('o1')).toEqual(before);
    expect(await store.projectionLag()).toBe(0);
    const confirmed = await store.append(before, { type: 'confirmed', timeMs: TEST_START_MS }, []);
    expect(await store.get('o1')).toEqual(confirmed);
  });
}
