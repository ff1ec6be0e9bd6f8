import { Redis } from 'ioredis';
import { MAX_CART_LINES, MAX_LINE_QUANTITY } from '../domain/limits.ts';
import type { Logger } from '../lib/log/logger.ts';
import { type Metrics, single } from '../lib/metrics/metrics.ts';
import type { Runtime } from '../lib/runtime/runtime.ts';
import { CART_TTL_SECONDS, cartFull } from './cart.ts';
import type { CartStore } from './cart-store.ts';
import { redisLines } from './log-lines.ts';
import { redisAttempts } from './redis-attempts.ts';

// A cart is one hash: field = product id, value = quantity. A product id is never empty: the field "" holds the version.
const VERSION_FIELD = '';

const ADD = `
local quantity = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or 0)
if quantity + tonumber(ARGV[2]) > tonumber(ARGV[5]) then return 'line' end
if quantity == 0 then
  local lines = redis.call('HLEN', KEYS[1]) - redis.call('HEXISTS', KEYS[1], '')
  if lines >= tonumber(ARGV[6]) then return 'lines' end
end
redis.call('HINCRBY', KEYS[1], ARGV[1], ARGV[2])
redis.call('HSET', KEYS[1], '', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 'added'`;

const EMPTY = `
if ARGV[3] == 'if' and redis.call('HGET', KEYS[1], '') ~= ARGV[4] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], '', ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1`;

const PING_INTERVAL_MS = 2000;

// A shopper waits for the response: a command that takes longer than this fails.
const COMMAND_TIMEOUT_MS = 300;

type Scripts = {
  addToCart: (key: string, ...args: (string | number)[]) => Promise<'added' | 'line' | 'lines'>;
  emptyCart: (key: string, ...args: (string | number)[]) => Promise<0 | 1>;
};

/**
 * Opens the carts in Redis. The client reconnects by itself; while it is not connected every call fails with
 * CART_STORE_UNAVAILABLE.
 *
 * @param options.address `host:port` of Redis
 */
export function openRedisCartStore(
  options: Pick<Runtime, 'newId' | 'log' | 'tracer' | 'metrics'> & { address: string; commandTimeoutMs?: number },
): CartStore {
  const { newId, log, metrics, commandTimeoutMs = COMMAND_TIMEOUT_MS } = options;
  const client = connect(options.address, commandTimeoutMs);
  const scripts = client as unknown as Scripts;
  const readiness = watchReadiness(client, log);
  const attempt = redisAttempts(options);
  measureReadiness(metrics, readiness.isReady);
  const key = (userId: string): string => `cart:${userId}`;
  return {
    add: async (userId, productId, quantity) => {
      const args = [productId, quantity, newId(), CART_TTL_SECONDS, MAX_LINE_QUANTITY, MAX_CART_LINES];
      const outcome = await attempt({ command: 'EVALSHA', script: 'addToCart' }, () =>
        scripts.addToCart(key(userId), ...args),
      );
      if (outcome !== 'added') throw cartFull(outcome);
    },
    get: async (userId) => {
      const [fields] = await attempt({ command: 'HGETALL' }, () =>
        Promise.all([client.hgetall(key(userId)), client.expire(key(userId), CART_TTL_SECONDS)]),
      );
      const { [VERSION_FIELD]: version, ...quantities } = fields;
      const lines = Object.entries(quantities).map(([productId, quantity]) => ({
        productId,
        quantity: Number(quantity),
      }));
      return { lines, version };
    },
    empty: async (userId, ifVersion) => {
      const condition = ifVersion === undefined ? ['always', ''] : ['if', ifVersion];
      const emptied = await attempt({ command: 'EVALSHA', script: 'emptyCart' }, () =>
        scripts.emptyCart(key(userId), newId(), CART_TTL_SECONDS, ...condition),
      );
      return emptied === 1;
    },
    onReady: readiness.onReady,
    close: async () => {
      readiness.stop();
      client.disconnect();
    },
  };
}

/** Registers the gauge that shows whether Redis can be reached. */
export function measureReadiness(metrics: Metrics, isReady: () => boolean): void {
  const spec = { name: 'mercato_redis_ready', help: '1 while Redis replies to pings, else 0.', labels: {} };
  metrics.gauge(spec, () => single(isReady() ? 1 : 0));
}

function connect(address: string, commandTimeoutMs: number): Redis {
  const colon = address.lastIndexOf(':');
  const client = new Redis({
    host: address.slice(0, colon),
    port: Number(address.slice(colon + 1)),
    // Fail early instead of queueing commands for a server that is not reachable.
    maxRetriesPerRequest: 1,
    commandTimeout: commandTimeoutMs,
    connectTimeout: 2000,
    enableOfflineQueue: false,
    // The server may have executed a command whose response was lost: an add must not be repeated.
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: true,
    lazyConnect: true,
    retryStrategy: (attempts) => Math.min(attempts * 100, 2000),
    scripts: { addToCart: { lua: ADD, numberOfKeys: 1 }, emptyCart: { lua: EMPTY, numberOfKeys: 1 } },
  });
  // When the first attempt fails the client retries, and readiness reports the result.
  client.connect().catch(() => {});
  return client;
}

function watchReadiness(
  client: Redis,
  log: Logger,
): Pick<CartStore, 'onReady'> & { isReady: () => boolean; stop: () => void } {
  let ready = false;
  const listeners: ((ready: boolean) => void)[] = [];
  const set = (now: boolean): void => {
    if (ready === now) return;
    ready = now;
    log.write(now ? redisLines.ready : redisLines.unavailable, { ready });
    for (const listener of listeners) listener(now);
  };
  client.on('ready', () => set(true));
  client.on('close', () => set(false));
  // Without a listener an error event ends the process. Readiness follows from the close event after it.
  client.on('error', (error: Error) => log.write(redisLines.connectionFailed, { err: error }));
  const ping = setInterval(() => {
    if (client.status !== 'ready') return;
    client.ping().then(
      () => set(true),
      () => set(false),
    );
  }, PING_INTERVAL_MS);
  return {
    onReady: (listener) => {
      listeners.push(listener);
      listener(ready);
    },
    isReady: () => ready,
    stop: () => clearInterval(ping),
  };
}
