import { randomUUID } from 'node:crypto';
import { type CartStoreSubject, itKeepsCarts } from './cart-store.contract.ts';
import { openMemoryCartStore } from './cart-store.memory.ts';

describe('the cart store in memory', () => {
  let nowMs = 0;
  const store = openMemoryCartStore({ now: () => nowMs, newId: randomUUID });
  const pass = async (_userId: string, seconds: number): Promise<void> => {
    nowMs += seconds * 1000;
  };
  const subject: CartStoreSubject = { store, pass };

  itKeepsCarts(() => subject);

  it('evicts the least recently used cart when there are too many', async () => {
    const small = openMemoryCartStore({ now: () => nowMs, newId: randomUUID, maxCarts: 2 });
    for (const user of ['ann', 'bob']) await small.add(user, 'mug', 1);
    await small.get('ann');
    await small.add('cleo', 'mug', 1);
    expect((await small.get('bob')).lines).toEqual([]);
    expect((await small.get('ann')).lines).toEqual([{ productId: 'mug', quantity: 1 }]);
  });
});
