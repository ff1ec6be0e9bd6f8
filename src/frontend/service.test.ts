import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { RunningService } from '../lib/runtime/runtime.ts';
import { eventually } from '../lib/testing/eventually.ts';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import { readConfig } from './config.ts';
import { type FakeShop, startFakeShop } from './fake-shop.testing.ts';
import { start } from './service.ts';
import { newShopper, startTestFrontend, type TestFrontend } from './shopper.testing.ts';

describe('the frontend as a service', () => {
  let shop: FakeShop;
  let frontend: TestFrontend;
  let ended: boolean;

  beforeAll(async () => {
    shop = await startFakeShop();
  });

  afterAll(async () => {
    await shop[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    shop.reset();
    ended = false;
    frontend = await startTestFrontend(shop, { MAX_CONCURRENT_REQUESTS: '3' });
  });

  afterEach(async () => {
    if (!ended) await frontend[Symbol.asyncDispose]();
  });

  const end = async (service: RunningService = frontend): Promise<void> => {
    ended = true;
    await service[Symbol.asyncDispose]();
  };

  async function openConnection(): Promise<Socket> {
    const socket = connect(Number(frontend.address.split(':')[1]), '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  }

  const calls = (rpc: string) => shop.calls.filter((call) => call.rpc === rpc);
  const called = async (rpc: string, times = 1) => {
    await eventually(`${rpc} is called ${times} times`, () => calls(rpc).length >= times);
  };

  it('returns the address it listens on', () => {
    expect(frontend.address).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
  });

  it('fails to start with a clear message when the port is taken', async () => {
    const PORT = frontend.address.split(':')[1] ?? '';
    const config = readConfig({ HOST: '127.0.0.1', ...shop.addresses, PORT });
    await expect(start(config, testRuntime())).rejects.toThrow(
      `cannot listen on 127.0.0.1:${PORT}: address already in use`,
    );
  });

  it('fails health checks while it drains, still serves pages, and closes their connections', async () => {
    frontend.startDraining();
    const shopper = newShopper(frontend.url);
    expect(await shopper.get('/_healthz')).toMatchObject({ status: 503, text: 'stopping' });
    const home = await shopper.get('/');
    expect(home.status).toBe(200);
    expect(home.headers.get('connection')).toBe('close');
  });

  it('is not ready before the product catalogue has answered once, though it is alive', async () => {
    shop.fail(new Error('not there yet'), 'listProducts');
    const shopper = newShopper(frontend.url);
    expect(await shopper.get('/_healthz?ready')).toMatchObject({ status: 503, text: 'starting' });
    expect(await shopper.get('/_healthz')).toMatchObject({ status: 200, text: 'ok' });
    shop.reset();
    expect(await shopper.get('/_healthz?ready')).toMatchObject({ status: 200, text: 'ok' });
  });

  it('stays ready when the product catalogue fails later, and does not call it for readiness again', async () => {
    const shopper = newShopper(frontend.url);
    await shopper.get('/_healthz?ready');
    shop.reset();
    shop.fail(new Error('gone'), 'listProducts');
    expect(await shopper.get('/_healthz?ready')).toMatchObject({ status: 200, text: 'ok' });
    expect(calls('listProducts')).toHaveLength(0);
  });

  it('fails readiness checks while it drains', async () => {
    frontend.startDraining();
    expect(await newShopper(frontend.url).get('/_healthz?ready')).toMatchObject({ status: 503, text: 'stopping' });
  });

  it('finishes the requests in flight before it stops', async () => {
    let letGo = (): void => {};
    const waited = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    shop.respondWith({
      listProducts: async () => {
        await waited;
        return { products: [] };
      },
    });
    const home = newShopper(frontend.url).get('/');
    await called('listProducts');
    const closing = end();
    await expect(fetch(`${frontend.url}/_healthz`)).rejects.toThrow('fetch failed');
    letGo();
    expect(await home).toMatchObject({ status: 200 });
    await closing;
  });

  it('ends requests that take longer than the shutdown allows', async () => {
    shop.hang('listProducts');
    await using hurried = await startTestFrontend(shop, { SHUTDOWN_LIMIT_MS: '400' });
    const home = fetch(`${hurried.url}/`).catch(() => 'cut off');
    await called('listProducts');
    await hurried[Symbol.asyncDispose]();
    // The page itself would have waited for ten minutes.
    expect(await home).toBe('cut off');
  });

  it('does not wait for idle connections or incomplete requests when it stops', async () => {
    const silent = await openConnection();
    const half = await openConnection();
    half.write('GET / HTTP/1.1\r\nHost: shop\r\n');
    const kept = newShopper(frontend.url);
    await kept.get('/');
    await end();
    silent.destroy();
    half.destroy();
  });

  it('cancels the calls of a client that disconnects, and logs no failure', async () => {
    shop.hang('listProducts');
    const leaving = new AbortController();
    const home = fetch(`${frontend.url}/`, { signal: leaving.signal });
    await called('listProducts');
    leaving.abort();
    await expect(home).rejects.toThrow();
    await eventually('the call is cancelled', () => calls('listProducts')[0]?.call.signal.aborted === true);
    const { lines } = frontend.runtime.logs;
    await eventually('the request is logged', () => lines.some(({ msg }) => msg === 'request completed'));
    expect(lines.filter(({ level }) => level !== 'info')).toEqual([]);
    expect(lines.filter(({ msg }) => msg === 'request completed')).toEqual([
      expect.objectContaining({ route: '/', status: 499 }),
    ]);
  });

  it('answers 503 at the concurrency limit, but still serves health checks', async () => {
    shop.hang('listProducts');
    const leaving = new AbortController();
    const inside = Array.from({ length: 3 }, () => fetch(`${frontend.url}/`, { signal: leaving.signal }));
    await called('listProducts', 3);
    const shopper = newShopper(frontend.url);
    const late = await shopper.get('/cart');
    expect(late.status).toBe(503);
    expect(late.headers.get('retry-after')).toBe('2');
    expect(late.text).toContain('The shop is busy');
    expect((await shopper.get('/_healthz')).status).toBe(200);
    leaving.abort();
    await Promise.allSettled(inside);
    await eventually('there is room again', async () => (await shopper.get('/cart')).status === 200);
  });

  it('frees the places of pipelined requests whose client disconnected', async () => {
    shop.hang('listProducts');
    const greedy = await openConnection();
    greedy.write('GET / HTTP/1.1\r\nHost: shop\r\n\r\n'.repeat(3));
    const shopper = newShopper(frontend.url);
    await eventually('the shop is full', async () => (await shopper.get('/cart')).status === 503);
    greedy.destroy();
    await eventually('there is room again', async () => (await shopper.get('/cart')).status === 200);
    const { lines } = frontend.runtime.logs;
    await eventually('each is logged', () => lines.filter(({ status }) => status === 499).length === 3);
  });

  it('starts without any upstream and answers pages with 503', async () => {
    const unreachable = Object.fromEntries(Object.keys(shop.addresses).map((name) => [name, '127.0.0.1:1']));
    await using isolated = await startTestFrontend({ addresses: unreachable });
    const shopper = newShopper(isolated.url);
    expect((await shopper.get('/_healthz')).status).toBe(200);
    const home = await shopper.get('/');
    expect(home.status).toBe(503);
    expect(home.headers.get('retry-after')).toBe('5');
  });
});
