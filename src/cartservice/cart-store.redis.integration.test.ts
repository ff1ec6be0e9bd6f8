import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { eventually } from '../lib/testing/eventually.ts';
import { startRedis, type TestRedis } from '../lib/testing/redis-server.ts';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import { itKeepsCarts } from './cart-store.contract.ts';
import { openRedisCartStore } from './cart-store.redis.ts';
import type { CartStore } from './cart-store.ts';

describe('the cart store in Redis', () => {
  let redis: TestRedis;
  let store: CartStore;
  let admin: Redis;
  let ready = false;

  beforeAll(async () => {
    redis = await startRedis();
    admin = new Redis(`redis://${redis.address}`, { disconnectTimeout: 50 });
    admin.on('error', () => {});
    store = openRedisCartStore({ ...testRuntime({ newId: randomUUID }), address: redis.address });
    store.onReady((now) => {
      ready = now;
    });
    await eventually('the store is ready', () => ready);
  });

  afterAll(async () => {
    await store.close();
    admin.disconnect();
    await redis.stop();
  });

  // Redis has its own clock: time passes by taking it off what is left of the cart.
  const pass = async (userId: string, seconds: number): Promise<void> => {
    const left = await admin.ttl(`cart:${userId}`);
    await admin.expire(`cart:${userId}`, Math.max(left - seconds, 0));
  };

  itKeepsCarts(() => ({ store, pass }));

  it('says so when Redis is away, and works again when it is back', async () => {
    await redis.stop();
    await eventually('the store notices', () => !ready);
    await expect(store.get('somebody')).rejects.toMatchObject({ reason: 'CART_STORE_UNAVAILABLE' });
    await expect(store.add('somebody', 'mug', 1)).rejects.toMatchObject({ kind: 'unavailable' });
    await redis.start();
    await eventually('the store notices', () => ready);
    await store.add('somebody', 'mug', 1);
    expect((await store.get('somebody')).lines).toEqual([{ productId: 'mug', quantity: 1 }]);
  });
});
