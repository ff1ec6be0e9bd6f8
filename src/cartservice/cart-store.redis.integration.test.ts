import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { eventually } from '../lib/testing/eventually.ts';
import { startRedis, type TestRedis } from '../lib/testing/redis-server.ts';
import { startTcpProxy, type TcpProxy } from '../lib/testing/tcp-proxy.ts';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import { itKeepsCarts } from './cart-store.contract.ts';
import { openRedisCartStore } from './cart-store.redis.ts';
import type { CartStore } from './cart-store.ts';

describe('the cart store in Redis', () => {
  let redis: TestRedis;
  let proxy: TcpProxy;
  let store: CartStore;
  let admin: Redis;
  let isReady = false;

  beforeAll(async () => {
    redis = await startRedis();
    proxy = await startTcpProxy(redis.address);
    admin = new Redis(`redis://${redis.address}`, { disconnectTimeout: 50 });
    admin.on('error', () => {});
    store = openStore({ commandTimeoutMs: 30_000 });
    store.onReady((now) => {
      isReady = now;
    });
    await eventually('the store is ready', () => isReady);
  });

  afterAll(async () => {
    await store.close();
    admin.disconnect();
    await proxy[Symbol.asyncDispose]();
    await redis.stop();
  });

  const openStore = (options: { commandTimeoutMs?: number } = {}): CartStore =>
    openRedisCartStore({ ...testRuntime({ newId: randomUUID }), address: proxy.address, ...options });

  // Redis has its own clock: shortening the time to live has the effect of time that passes.
  const pass = async (userId: string, seconds: number): Promise<void> => {
    const ttlSeconds = await admin.ttl(`cart:${userId}`);
    if (ttlSeconds < 0) throw new Error(`the cart of ${userId} never expires`);
    await admin.expire(`cart:${userId}`, Math.max(ttlSeconds - seconds, 0));
  };

  itKeepsCarts(() => ({ store, pass }));

  it('rejects commands while Redis is stopped and works again once Redis is back', async () => {
    await redis.stop();
    await eventually('the store is not ready', () => !isReady);
    await expect(store.get('ann')).rejects.toMatchObject({ reason: 'CART_STORE_UNAVAILABLE' });
    await expect(store.add('ann', 'mug', 1)).rejects.toMatchObject({ kind: 'unavailable' });
    await redis.start();
    await eventually('the store is ready', () => isReady);
    await store.add('ann', 'mug', 1);
    expect((await store.get('ann')).lines).toEqual([{ productId: 'mug', quantity: 1 }]);
  });

  it('gives up a command to which Redis does not respond, and is not ready until Redis responds again', async () => {
    let isReadyNow = false;
    const impatient = openStore();
    try {
      impatient.onReady((now) => {
        isReadyNow = now;
      });
      await eventually('the store is ready', () => isReadyNow);
      redis.pause();
      // Timers fire in the order of their times on a slow machine too: the command has to end by its own, shorter timer.
      const longer = setTimeout(10_000, 'the command is still waiting', { ref: false });
      const command = Promise.race([impatient.get('bob'), longer]);
      await expect(command).rejects.toMatchObject({ reason: 'CART_STORE_UNAVAILABLE' });
      await eventually('the store is not ready', () => !isReadyNow);
      redis.resume();
      await eventually('the store is ready again', () => isReadyNow);
    } finally {
      redis.resume();
      await impatient.close();
    }
  });

  it('does not repeat an add whose response was lost with the connection', async () => {
    // Redis has to know the script: a client that has to load it first waits for another response.
    await store.add('eve', 'tea', 1);
    let isReadyNow = false;
    const impatient = openStore();
    try {
      impatient.onReady((now) => {
        isReadyNow = now;
      });
      await eventually('the store is ready', () => isReadyNow);
      proxy.holdResponses();
      const add = expect(impatient.add('eve', 'mug', 1)).rejects.toMatchObject({ reason: 'CART_STORE_UNAVAILABLE' });
      await eventually('Redis has executed the add', async () => (await admin.hget('cart:eve', 'mug')) === '1');
      proxy.reset();
      await add;
      await eventually('the store is not ready', () => !isReadyNow);
      proxy.passResponses();
      await eventually('the store is ready again', () => isReadyNow);
      const [mug] = (await impatient.get('eve')).lines.filter(({ productId }) => productId === 'mug');
      expect(mug?.quantity).toBe(1);
    } finally {
      proxy.passResponses();
      await impatient.close();
    }
  });
});
