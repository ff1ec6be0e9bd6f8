import { silentTracer } from '../telemetry/tracing.ts';
import { testRuntime } from '../testing/test-runtime.ts';
import { runningService, systemRuntime } from './runtime.ts';

const server = (order: string[], failure?: Error) => ({
  address: '127.0.0.1:1',
  startDraining: () => void order.push('drain'),
  [Symbol.asyncDispose]: async () => {
    order.push('server');
    if (failure !== undefined) throw failure;
  },
});

describe('runningService', () => {
  it('closes the server first, then what it uses, in the order given', async () => {
    const order: string[] = [];
    const service = runningService(server(order), [
      () => void order.push('store'),
      async () => void order.push('upstreams'),
    ]);
    expect(service.address).toBe('127.0.0.1:1');
    service.startDraining();
    await service[Symbol.asyncDispose]();
    expect(order).toEqual(['drain', 'server', 'store', 'upstreams']);
  });

  it('closes all of it when a part fails to, and rejects with the first failure', async () => {
    const order: string[] = [];
    const failing = (): void => {
      throw new Error('second');
    };
    const service = runningService(server(order, new Error('first')), [failing, () => void order.push('upstreams')]);
    await expect(service[Symbol.asyncDispose]()).rejects.toThrow('first');
    expect(order).toEqual(['server', 'upstreams']);
  });
});

describe('systemRuntime', () => {
  const { log, metrics } = testRuntime();
  const identity = { service: 's', version: 'v', log, metrics, tracer: silentTracer() };
  const runtime = systemRuntime(identity);

  afterEach(() => {
    jest.useRealTimers();
  });

  it('tells the time of this machine', () => {
    const nowMs = 1_800_000_000_000;
    jest.useFakeTimers({ now: nowMs });
    expect(systemRuntime(identity).now()).toBe(nowMs);
  });

  it('gives a new UUID of version 4 each time', () => {
    const ids = Array.from({ length: 50 }, runtime.newId);
    expect(new Set(ids).size).toBe(50);
    for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });

  it('draws whole numbers below the limit', () => {
    const drawn = new Set(Array.from({ length: 200 }, () => runtime.randomBelow(3)));
    expect(drawn).toEqual(new Set([0, 1, 2]));
  });
});
