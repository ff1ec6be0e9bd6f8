import { TEST_START_MS, testRuntime } from '../../lib/testing/test-runtime.ts';
import { itKeepsOrders, purchaseOf } from './order-store.contract.ts';
import { openMemoryOrderStore } from './order-store.memory.ts';
import type { OrderStore } from './order-store.ts';

describe('the order store in memory', () => {
  const { newId } = testRuntime();
  const store = openMemoryOrderStore({ newId });

  itKeepsOrders(() => store);

  describe('when it is full', () => {
    let small: OrderStore;

    beforeEach(() => {
      small = openMemoryOrderStore({ newId, maxOrders: 2 });
    });

    const place = async (orderId: string) =>
      (await small.create(purchaseOf({ orderId, userId: 'ann' }), TEST_START_MS)).order;
    const reject = async (orderId: string): Promise<void> => {
      await small.append(
        await place(orderId),
        { type: 'rejected', reason: 'CARD_DECLINED', timeMs: TEST_START_MS },
        [],
      );
    };

    it('forgets the oldest order that is at its end, by every name', async () => {
      await place('moving');
      await reject('first');
      await reject('second');
      expect(await small.get('first')).toBeUndefined();
      expect(await small.findByKey('ann', 'key of first')).toBeUndefined();
      const listed = await small.list('ann', { limit: 9, afterOrderId: undefined });
      expect(listed?.map(({ purchase }) => purchase.orderId)).toEqual(['second', 'moving']);
    });

    it('refuses a new order rather than to forget one that moves or that a person has to look at', async () => {
      await place('moving');
      const odd = await place('odd');
      await small.append(odd, { type: 'intervention-needed', reason: 'PAYMENT_UNKNOWN', timeMs: TEST_START_MS }, []);
      await expect(place('third')).rejects.toMatchObject({ kind: 'exhausted', reason: 'ORDERS_FULL' });
      expect(await small.get('odd')).toBeDefined();
      expect(await small.get('third')).toBeUndefined();
    });

    it('answers an order that is there though it is full', async () => {
      await place('one');
      await place('two');
      expect((await place('one')).purchase.orderId).toBe('one');
    });

    it('keeps an order as long as there is work to do for it', async () => {
      const order = await place('mailed');
      await small.append(order, { type: 'rejected', reason: 'PAYMENT_UNAVAILABLE', timeMs: TEST_START_MS }, [
        { kind: 'send-cancellation' },
      ]);
      await place('moving');
      await expect(place('third')).rejects.toMatchObject({ reason: 'ORDERS_FULL' });
      const [task] = await small.dueTasks(TEST_START_MS);
      await small.taskDead(task?.taskId ?? '');
      expect((await place('third')).purchase.orderId).toBe('third');
      expect(await small.get('mailed')).toBeUndefined();
    });
  });
});
