import { CartServiceDefinition } from '../genproto/hipstershop/cart.ts';
import type { RunningService } from '../lib/runtime/runtime.ts';
import { temporaryFolder } from '../lib/testing/temporary-folder.ts';
import { failureOfCall, type TestClient, testClient } from '../lib/testing/test-client.ts';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import { readConfig } from './config.ts';
import { start } from './service.ts';

describe('the cart service', () => {
  const runtime = testRuntime({ service: 'cartservice' });
  const folder = temporaryFolder();
  let service: RunningService;
  let cart: TestClient<CartServiceDefinition>;

  beforeAll(async () => {
    service = await start(readConfig({ HOST: '127.0.0.1', PORT: '0', DATA_DIR: folder.path }), runtime);
    cart = testClient(CartServiceDefinition, service.address);
  });

  afterAll(async () => {
    cart[Symbol.dispose]();
    await service[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const add = (userId: string, quantity: number, productId = 'OLJCESPC7Z') =>
    cart.addItem({ userId, item: { productId, quantity } });

  it('returns the quantities that were added', async () => {
    await add('ann', 2);
    await add('ann', 3);
    const { userId, items, version } = await cart.getCart({ userId: 'ann' });
    expect({ userId, items }).toEqual({ userId: 'ann', items: [{ productId: 'OLJCESPC7Z', quantity: 5 }] });
    expect(version).toMatch(/\S/);
  });

  it('does not empty a cart that was updated after the expected version', async () => {
    await add('bob', 1);
    const { version } = await cart.getCart({ userId: 'bob' });
    await add('bob', 1);
    await cart.emptyCart({ userId: 'bob', ifVersion: version });
    expect((await cart.getCart({ userId: 'bob' })).items).toHaveLength(1);
    await cart.emptyCart({ userId: 'bob' });
    expect((await cart.getCart({ userId: 'bob' })).items).toEqual([]);
  });

  it.each([
    ['a quantity of 0', () => add('eve', 0), 'INVALID_ARGUMENT ITEM_QUANTITY_INVALID'],
    ['a quantity of -1', () => add('eve', -1), 'INVALID_ARGUMENT ITEM_QUANTITY_INVALID'],
    ['a quantity of 11', () => add('eve', 11), 'INVALID_ARGUMENT ITEM_QUANTITY_INVALID'],
    ['a quantity of 2^31 - 1', () => add('eve', 2 ** 31 - 1), 'INVALID_ARGUMENT ITEM_QUANTITY_INVALID'],
    ['an empty user id', () => add('', 1), 'INVALID_ARGUMENT USER_ID_INVALID'],
    ['a user id of 10 kB', () => add('x'.repeat(10_000), 1), 'INVALID_ARGUMENT USER_ID_INVALID'],
    ['an empty product id', () => add('eve', 1, ''), 'INVALID_ARGUMENT ITEM_PRODUCT_ID_INVALID'],
    ['control characters', () => add('eve', 1, 'a\u0000b'), 'INVALID_ARGUMENT ITEM_PRODUCT_ID_INVALID'],
    ['no item', () => cart.addItem({ userId: 'eve', item: undefined }), 'INVALID_ARGUMENT ITEM_INVALID'],
    ['an empty version', () => cart.emptyCart({ userId: 'eve', ifVersion: '' }), 'INVALID_ARGUMENT IF_VERSION_INVALID'],
  ])('refuses %s and leaves the cart unchanged', async (_what, call, failure) => {
    const before = await cart.getCart({ userId: 'eve' });
    expect(await failureOfCall(call())).toBe(failure);
    expect(await cart.getCart({ userId: 'eve' })).toEqual(before);
  });

  it('logs an added item with its product and quantity', async () => {
    await add('zoe', 1);
    expect(runtime.logs.lines).toContainEqual(
      expect.objectContaining({ msg: 'cart item added', productId: 'OLJCESPC7Z', quantity: 1 }),
    );
  });
});
