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
});
