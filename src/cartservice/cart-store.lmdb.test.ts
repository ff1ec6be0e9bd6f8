import { randomUUID } from 'node:crypto';
import { openEmbeddedDatabase } from '../lib/store/embedded-database.ts';
import { temporaryFolder } from '../lib/testing/temporary-folder.ts';
import { CART_TTL_SECONDS } from './cart.ts';
import { type CartStoreSubject, itKeepsCarts } from './cart-store.contract.ts';
import { openLmdbCartStore } from './cart-store.lmdb.ts';
import type { CartStore } from './cart-store.ts';

describe('the cart store on LMDB', () => {
  const folder = temporaryFolder();
  let nowMs = 0;
  let subject: CartStoreSubject;
  const open = async (dataDirectory = folder.path): Promise<CartStore> =>
    await openLmdbCartStore({ now: () => nowMs, newId: randomUUID, service: 'cartservice', dataDirectory });
  const pass = async (_userId: string, seconds: number): Promise<void> => {
    nowMs += seconds * 1000;
  };

  beforeAll(async () => {
    subject = { store: await open(), pass };
  });

  afterAll(async () => {
    await subject.store.close();
    folder[Symbol.dispose]();
  });

  itKeepsCarts(() => subject);

  it('keeps carts when it is closed and opened again', async () => {
    await subject.store.add('kept', 'mug', 2);
    const cart = await subject.store.get('kept');
    await subject.store.close();
    subject = { store: await open(), pass };
    expect(await subject.store.get('kept')).toEqual(cart);
  });

  it('removes expired carts from its files while other carts change', async () => {
    const other = temporaryFolder();
    const store = await open(other.path);
    for (const user of ['ann', 'bob', 'cleo']) await store.add(user, 'mug', 1);
    await pass('ann', CART_TTL_SECONDS);
    await store.add('dan', 'mug', 1);
    await store.close();
    const database = await openEmbeddedDatabase({ dataDirectory: other.path, service: 'cartservice' });
    expect(
      database
        .table('carts')
        .entries()
        .map(({ key }) => key),
    ).toEqual([['dan']]);
    expect(database.table('expiries').count()).toBe(1);
    await database[Symbol.asyncDispose]();
    other[Symbol.dispose]();
  });
});
