import { MAX_CART_LINES, MAX_LINE_QUANTITY } from '../domain/limits.ts';
import { CART_TTL_SECONDS } from './cart.ts';
import type { CartStore } from './cart-store.ts';

/** A store under test, and how its time is moved. */
export type CartStoreSubject = {
  readonly store: CartStore;
  /** Lets time pass for one cart, in seconds. */
  readonly pass: (userId: string, seconds: number) => Promise<void>;
};

/** What every cart store must do. Call it inside a `describe`. */
export function itKeepsCarts(subject: () => CartStoreSubject): void {
  const store = (): CartStore => subject().store;
  let users = 0;
  const newUser = (): string => `user-${++users}`;
  const quantities = async (user: string): Promise<Record<string, number>> =>
    Object.fromEntries((await store().get(user)).lines.map(({ productId, quantity }) => [productId, quantity]));

  it('answers an empty cart without a version for a user it does not know', async () => {
    expect(await store().get(newUser())).toEqual({ lines: [], version: undefined });
  });

  it('adds up what is added of one product and keeps products apart', async () => {
    const user = newUser();
    await store().add(user, 'mug', 2);
    await store().add(user, 'watch', 1);
    await store().add(user, 'mug', 3);
    expect(await quantities(user)).toEqual({ mug: 5, watch: 1 });
  });

  it('keeps users apart', async () => {
    const [one, other] = [newUser(), newUser()];
    await store().add(one, 'mug', 1);
    expect(await quantities(other)).toEqual({});
  });

  it('loses none of many adds at the same time', async () => {
    const user = newUser();
    await Promise.all(Array.from({ length: 60 }, () => store().add(user, 'mug', 1)));
    expect(await quantities(user)).toEqual({ mug: 60 });
  });

  it('changes the version with every write, never back, and not with a read', async () => {
    const user = newUser();
    const seen = new Set<string | undefined>();
    const look = async (): Promise<string | undefined> => (await store().get(user)).version;
    for (const write of [
      () => store().add(user, 'mug', 1),
      () => store().add(user, 'mug', 1),
      () => store().empty(user, undefined),
      () => store().add(user, 'mug', 1),
    ]) {
      await write();
      seen.add(await look());
      expect(await look()).toBe(await look());
    }
    expect(seen.size).toBe(4);
    expect(seen.has(undefined)).toBe(false);
  });

  it('empties a cart', async () => {
    const user = newUser();
    await store().add(user, 'mug', 1);
    expect(await store().empty(user, undefined)).toBe(true);
    expect(await quantities(user)).toEqual({});
  });

  it('empties only the version that was meant', async () => {
    const user = newUser();
    await store().add(user, 'mug', 1);
    const { version } = await store().get(user);
    await store().add(user, 'watch', 1);
    expect(await store().empty(user, version)).toBe(false);
    expect(await quantities(user)).toEqual({ mug: 1, watch: 1 });
    expect(await store().empty(user, (await store().get(user)).version)).toBe(true);
    expect(await quantities(user)).toEqual({});
  });

  it('takes an empty cart that has no version for none that was meant', async () => {
    expect(await store().empty(newUser(), 'a-version')).toBe(false);
  });

  it('refuses to put more than the limit into a line, and leaves the cart as it was', async () => {
    const user = newUser();
    await store().add(user, 'mug', MAX_LINE_QUANTITY);
    const before = await store().get(user);
    await expect(store().add(user, 'mug', 1)).rejects.toMatchObject({ reason: 'CART_LINE_FULL' });
    expect(await store().get(user)).toEqual(before);
  });

  it('refuses more lines than the limit, but still adds to a line that is there', async () => {
    const user = newUser();
    for (let i = 0; i < MAX_CART_LINES; i += 1) await store().add(user, `product-${i}`, 1);
    await expect(store().add(user, 'one-more', 1)).rejects.toMatchObject({ reason: 'CART_FULL' });
    await store().add(user, 'product-7', 1);
    expect((await store().get(user)).lines).toHaveLength(MAX_CART_LINES);
    expect((await quantities(user))['product-7']).toBe(2);
  });

  it('forgets a cart 48 hours after it was last used, and gives the next one another version', async () => {
    const user = newUser();
    await store().add(user, 'mug', 1);
    const { version } = await store().get(user);
    await subject().pass(user, CART_TTL_SECONDS);
    expect(await store().get(user)).toEqual({ lines: [], version: undefined });
    await store().add(user, 'mug', 1);
    expect((await store().get(user)).version).not.toBe(version);
  });

  it('keeps a cart alive as long as it is read or written', async () => {
    const user = newUser();
    await store().add(user, 'mug', 1);
    await subject().pass(user, CART_TTL_SECONDS - 10);
    await store().get(user);
    await subject().pass(user, CART_TTL_SECONDS - 10);
    await store().add(user, 'mug', 1);
    await subject().pass(user, CART_TTL_SECONDS - 10);
    expect(await quantities(user)).toEqual({ mug: 2 });
  });

  it('takes any text for a user and a product', async () => {
    const user = '{curly}:*? 用户 " \'';
    await store().add(user, '__proto__', 1);
    await store().add(user, 'constructor', 2);
    const { lines } = await store().get(user);
    expect([...lines].sort((a, b) => a.quantity - b.quantity)).toEqual([
      { productId: '__proto__', quantity: 1 },
      { productId: 'constructor', quantity: 2 },
    ]);
  });
}
