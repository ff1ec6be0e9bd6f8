import { MAX_CART_LINES, MAX_LINE_QUANTITY } from '../domain/limits.ts';
import { CART_TTL_SECONDS } from './cart.ts';
import type { CartStore } from './cart-store.ts';

/** A store under test and control over its time. */
export type CartStoreSubject = {
  readonly store: CartStore;
  /** Moves time forward for one cart; throws for a cart that never expires. */
  readonly pass: (userId: string, seconds: number) => Promise<void>;
};

/** The contract of every cart store. Call it inside a `describe`. */
export function itKeepsCarts(subject: () => CartStoreSubject): void {
  const store = (): CartStore => subject().store;
  let users = 0;
  const newUser = (): string => `user-${++users}`;
  const quantities = async (user: string): Promise<Record<string, number>> =>
    Object.fromEntries((await store().get(user)).lines.map(({ productId, quantity }) => [productId, quantity]));

  it('returns an empty cart without a version for an unknown user', async () => {
    expect(await store().get(newUser())).toEqual({ lines: [], version: undefined });
  });

  it('adds up the quantities of one product and keeps products apart', async () => {
    const user = newUser();
    await store().add(user, 'mug', 2);
    await store().add(user, 'watch', 1);
    await store().add(user, 'mug', 3);
    expect(await quantities(user)).toEqual({ mug: 5, watch: 1 });
  });

  it('keeps the carts of two users apart', async () => {
    const [one, other] = [newUser(), newUser()];
    await store().add(one, 'mug', 1);
    expect(await quantities(other)).toEqual({});
  });

  it('loses none of 60 concurrent adds', async () => {
    const user = newUser();
    await Promise.all(Array.from({ length: 60 }, () => store().add(user, 'mug', 1)));
    expect(await quantities(user)).toEqual({ mug: 60 });
  });

  it('sets a new version with every write and keeps the version on a read', async () => {
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

  it('empties a cart only while it has the expected version', async () => {
    const user = newUser();
    await store().add(user, 'mug', 1);
    const { version } = await store().get(user);
    await store().add(user, 'watch', 1);
    expect(await store().empty(user, version)).toBe(false);
    expect(await quantities(user)).toEqual({ mug: 1, watch: 1 });
    expect(await store().empty(user, (await store().get(user)).version)).toBe(true);
    expect(await quantities(user)).toEqual({});
  });

  it('does not empty a cart without a version when a version is expected', async () => {
    expect(await store().empty(newUser(), 'a-version')).toBe(false);
  });

  it('refuses an add past the quantity limit of a line and leaves the cart unchanged', async () => {
    const user = newUser();
    await store().add(user, 'mug', MAX_LINE_QUANTITY);
    const before = await store().get(user);
    await expect(store().add(user, 'mug', 1)).rejects.toMatchObject({ reason: 'CART_LINE_FULL' });
    expect(await store().get(user)).toEqual(before);
  });

  it('refuses a new line past the limit of lines and still adds to an existing line', async () => {
    const user = newUser();
    for (let i = 0; i < MAX_CART_LINES; i += 1) await store().add(user, `product-${i}`, 1);
    await expect(store().add(user, 'one-more', 1)).rejects.toMatchObject({ reason: 'CART_FULL' });
    await store().add(user, 'product-7', 1);
    expect((await store().get(user)).lines).toHaveLength(MAX_CART_LINES);
    expect((await quantities(user))['product-7']).toBe(2);
  });

  it('expires a cart 48 hours after its last use and gives the next cart another version', async () => {
    const user = newUser();
    await store().add(user, 'mug', 1);
    const { version } = await store().get(user);
    await subject().pass(user, CART_TTL_SECONDS);
    expect(await store().get(user)).toEqual({ lines: [], version: undefined });
    await store().add(user, 'mug', 1);
    expect((await store().get(user)).version).not.toBe(version);
  });

  it('expires an emptied cart 48 hours after it was emptied', async () => {
    const user = newUser();
    await store().add(user, 'mug', 1);
    await store().empty(user, undefined);
    await subject().pass(user, CART_TTL_SECONDS);
    expect(await store().get(user)).toEqual({ lines: [], version: undefined });
  });

  it('extends the life of a cart with every read and write', async () => {
    const user = newUser();
    await store().add(user, 'mug', 1);
    await subject().pass(user, CART_TTL_SECONDS - 10);
    await store().get(user);
    await subject().pass(user, CART_TTL_SECONDS - 10);
    await store().add(user, 'mug', 1);
    await subject().pass(user, CART_TTL_SECONDS - 10);
    expect(await quantities(user)).toEqual({ mug: 2 });
  });

  it('accepts any text as user id and product id', async () => {
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
