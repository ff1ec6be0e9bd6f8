import { TEST_START_MS, testRuntime } from '../../lib/testing/test-runtime.ts';
import { itKeepsOrders, purchaseOf } from './order-store.contract.ts';
import { openMemoryOrderStore } from './order-store.memory.testing.ts';
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

    it('removes the oldest order in a final state, and its idempotency key', async () => {
      await place('unfinished');
      await reject('first');
      await reject('second');
      expect(await small.get('first')).toBeUndefined();
      expect(await small.findByKey('ann', 'key of first')).toBeUndefined();
      const listed = await small.list('ann', { limit: 9, afterOrderId: undefined });
      expect(listed?.map(({ purchase }) => purchase.orderId)).toEqual(['second', 'unfinished']);
    });

    it('refuses a new order when every stored order is unfinished or needs manual intervention', async () => {
      await place('unfinished');
      const stopped = await place('stopped');
      await small.append(
        stopped,
        { type: 'intervention-needed', reason: 'PAYMENT_UNKNOWN', timeMs: TEST_START_MS },
        [],
      );
      await expect(place('third')).rejects.toMatchObject({ kind: 'exhausted', reason: 'ORDERS_FULL' });
      expect(await small.get('stopped')).toBeDefined();
      expect(await small.get('third')).toBeUndefined();
    });

    it('returns an existing order for its key', async () => {
      await place('one');
      await place('two');
      expect((await place('one')).purchase.orderId).toBe('one');
    });

    it('keeps an order while a task of it is waiting', async () => {
      const order = await place('mailed');
      await small.append(order, { type: 'rejected', reason: 'PAYMENT_UNAVAILABLE', timeMs: TEST_START_MS }, [
        { kind: 'send-cancellation' },
      ]);
      await place('unfinished');
      await expect(place('third')).rejects.toMatchObject({ reason: 'ORDERS_FULL' });
      const [task] = await small.claimDueTasks(TEST_START_MS, 10);
      await small.taskDeadLettered(task?.taskId ?? '');
      expect((await place('third')).purchase.orderId).toBe('third');
      expect(await small.get('mailed')).toBeUndefined();
    });
  });
});
