import { createServer } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { status } from '@grpc/grpc-js';
import { CartServiceDefinition } from '../../genproto/hipstershop/cart.ts';
import { CurrencyServiceDefinition } from '../../genproto/hipstershop/currency.ts';
import { environment } from '../config/config.ts';
import { DomainError } from '../errors.ts';
import { type CurrencyServer, startCurrencyServer } from '../testing/currency-server.ts';
import { eventually } from '../testing/eventually.ts';
import { freePort } from '../testing/free-port.ts';
import { type ObservedCall, observingTracer } from '../testing/observed-calls.ts';
import { failureOfCall, TEST_SERVER, testCall } from '../testing/test-client.ts';
import { testRuntime } from '../testing/test-runtime.ts';
import { connectUpstream, type Upstream, type UpstreamOptions } from './client.ts';
import { startGrpcServer } from './server.ts';
import { RETRY_BUDGET } from './service-config.ts';
import { UpstreamError } from './upstream-error.ts';
import { connectUpstreams } from './upstreams.ts';

const usd = { currencyCode: 'USD', units: 1n, nanos: 0 };
const question = { from: usd, toCode: 'EUR' };

const connect = (address: string, options: Partial<UpstreamOptions> = {}): Upstream<CurrencyServiceDefinition> =>
  connectUpstream(CurrencyServiceDefinition, { to: 'currencyservice', address, ...options });

async function convert(upstream: Upstream<CurrencyServiceDefinition>): Promise<string> {
  using call = testCall();
  return await failureOfCall(upstream.calls.convert(question, call));
}

/** A server that counts its calls and fails the first `failFirst` of them. */
async function countingServer(failFirst = 0, port = 0) {
  const count = { calls: 0 };
  const server = await startCurrencyServer(
    {
      convert: async () => {
        count.calls += 1;
        if (count.calls <= failFirst) throw new DomainError('unavailable', 'CART_STORE_UNAVAILABLE', 'try again later');
        return usd;
      },
    },
    { config: { ...TEST_SERVER, port } },
  );
  return { server, count, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/**
 * A replica that answers UNIMPLEMENTED until `dieAt(calls)`; then it holds its calls, and destroys its connections and
 * refuses new ones as soon as it holds that many.
 */
async function mortalServer() {
  let dyingAt = 0;
  let held = 0;
  const answered = { calls: 0 };
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connection', (socket) => sockets.add(socket));
  server.on('stream', (stream) => {
    if (dyingAt === 0) {
      answered.calls += 1;
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': 12 }, { endStream: true });
      return;
    }
    held += 1;
    if (held < dyingAt) return;
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    answered,
    dieAt: (calls: number) => {
      dyingAt = calls;
    },
    [Symbol.dispose]: () => server.close(),
  };
}

describe('a client with a list of addresses', () => {
  it('distributes its calls round robin', async () => {
    await using one = await countingServer();
    await using two = await countingServer();
    using upstream = connect(`ipv4:${one.server.address},${two.server.address}`);
    await eventually('both are connected', async () => {
      await convert(upstream);
      return one.count.calls > 0 && two.count.calls > 0;
    });
    const before = [one.count.calls, two.count.calls];
    for (let n = 0; n < 20; n += 1) expect(await convert(upstream)).toBe('OK');
    expect([one.count.calls, two.count.calls]).toEqual(before.map((calls) => calls + 10));
  });

  it.each([
    ['loses no read, because reads are retried,', true],
    ['loses only calls that the closing server has not handled', false],
  ])('%s when a server shuts down', async (_what, retries) => {
    await using one = await countingServer();
    const two = await countingServer();
    using upstream = connect(`ipv4:${one.server.address},${two.server.address}`, { retries });
    await eventually('both are connected', async () => {
      await convert(upstream);
      return one.count.calls > 0 && two.count.calls > 0;
    });
    const handled = () => one.count.calls + two.count.calls;
    const before = handled();
    const closing = two.server[Symbol.asyncDispose]();
    const outcomes: string[] = [];
    for (let n = 0; n < 40; n += 1) outcomes.push(await convert(upstream));
    await closing;
    const failures = outcomes.filter((outcome) => outcome !== 'OK');
    // How many calls meet the closing connection is a matter of timing; that they fail unhandled is not.
    expect(handled() - before).toBe(40 - failures.length);
    expect(failures).toEqual(retries ? [] : failures.map(() => 'UNAVAILABLE'));
    await eventually('the remaining server handles every call', async () => {
      const first = one.count.calls;
      for (let n = 0; n < 4; n += 1) await convert(upstream);
      return one.count.calls === first + 4;
    });
  });
});

describe('a failed call', () => {
  const failureOf = async (address: string, options: Partial<UpstreamOptions> = {}): Promise<UpstreamError> => {
    using upstream = connect(address, options);
    using call = testCall();
    const failure: unknown = await upstream.calls.convert(question, call).catch((error: unknown) => error);
    if (!(failure instanceof UpstreamError)) throw new Error('the call did not fail');
    return failure;
  };

  it.each(['127.0.0.1', 'ipv4:127.0.0.1', 'dns:///localhost', 'dns:///no-such-host.invalid'])(
    'is marked as unsent when no connection to %s can be made',
    async (host) => {
      expect(await failureOf(`${host}:${await freePort()}`)).toMatchObject({
        code: status.UNAVAILABLE,
        isUnsent: true,
      });
    },
  );

  it('is not marked as unsent when an attempt before a retry may have been sent', async () => {
    const failure = await failureOf(`127.0.0.1:${await freePort()}`, { retries: true });
    expect(failure).toMatchObject({ code: status.UNAVAILABLE, isUnsent: false });
  });

  it('is not marked as unsent when the server itself could not connect to its upstream', async () => {
    const details = 'No connection established. Last error: connect ECONNREFUSED';
    await using server = await startCurrencyServer({
      convert: async () => {
        throw new DomainError('unavailable', 'UPSTREAM_UNAVAILABLE', details);
      },
    });
    expect(await failureOf(server.address)).toMatchObject({ details, isUnsent: false });
  });

  it('is marked as unsent when its context had too little time left', async () => {
    await using server = await countingServer();
    using upstream = connect(server.server.address);
    using call = testCall(1);
    await expect(upstream.calls.convert(question, call)).rejects.toMatchObject({ isUnsent: true });
    expect(server.count.calls).toBe(0);
  });
});

describe('a retry', () => {
  it('is made for a read, at most twice', async () => {
    await using recovering = await countingServer(2);
    using upstream = connect(recovering.server.address, { retries: true });
    expect(await convert(upstream)).toBe('OK');
    expect(recovering.count.calls).toBe(3);
    await using broken = await countingServer(100);
    using other = connect(broken.server.address, { retries: true });
    expect(await convert(other)).toBe('UNAVAILABLE CART_STORE_UNAVAILABLE');
    expect(broken.count.calls).toBe(3);
  });

  it('is not made when retries are off', async () => {
    await using broken = await countingServer(1);
    using upstream = connect(broken.server.address);
    expect(await convert(upstream)).toBe('UNAVAILABLE CART_STORE_UNAVAILABLE');
    expect(broken.count.calls).toBe(1);
  });

  it('is not made for a write', async () => {
    let calls = 0;
    const fail = async (): Promise<never> => {
      calls += 1;
      throw new DomainError('unavailable', 'CART_STORE_UNAVAILABLE', 'try again later');
    };
    await using server = await startGrpcServer({
      definition: CartServiceDefinition,
      handlers: { addItem: fail, getCart: fail, emptyCart: fail },
      protoFile: 'hipstershop/cart.proto',
      config: TEST_SERVER,
      defaultDeadlineMs: 2000,
      runtime: testRuntime(),
    });
    using upstream = connectUpstream(CartServiceDefinition, {
      to: 'cartservice',
      address: server.address,
      retries: true,
    });
    using call = testCall();
    await failureOfCall(upstream.calls.emptyCart({ userId: 'u' }, call));
    expect(calls).toBe(1);
    await failureOfCall(upstream.calls.getCart({ userId: 'u' }, call));
    expect(calls).toBe(1 + 3);
  });

  it('stops when most calls fail, so that an outage does not triple the load', async () => {
    await using broken = await countingServer(1000);
    using upstream = connect(broken.server.address, { retries: true });
    const retriedFailures = RETRY_BUDGET.maxTokens / 2;
    await Promise.all(Array.from({ length: retriedFailures }, () => convert(upstream)));
    const during = broken.count.calls;
    expect(during).toBeLessThan(2 * retriedFailures);
    for (let n = 0; n < 10; n += 1) await convert(upstream);
    expect(broken.count.calls - during).toBe(10);
  });
});

describe('a replica that dies', () => {
  it('fails no read: all its calls in flight are retried at the other replica', async () => {
    using mortal = await mortalServer();
    await using healthy = await countingServer();
    using upstream = connect(`ipv4:${mortal.address},${healthy.server.address}`, { retries: true });
    await eventually('both are connected', async () => {
      await convert(upstream);
      return mortal.answered.calls > 0 && healthy.count.calls > 0;
    });
    mortal.dieAt(20);
    const outcomes = await Promise.all(Array.from({ length: 40 }, () => convert(upstream)));
    expect(outcomes).toEqual(outcomes.map(() => 'OK'));
  });
});

describe('an unavailable upstream', () => {
  it('fails calls as UNAVAILABLE without waiting for their deadline, and is reconnected after it is back', async () => {
    const port = await freePort();
    using upstream = connect(`127.0.0.1:${port}`);
    for (let n = 0; n < 5; n += 1) expect(await convert(upstream)).toBe('UNAVAILABLE');
    await using back = await countingServer(0, port);
    await eventually('it works', async () => (await convert(upstream)) === 'OK');
    expect(back.count.calls).toBe(1);
  });

  it('is reconnected after a restart', async () => {
    const first = await countingServer();
    const port = Number(first.server.address.split(':')[1]);
    using upstream = connect(`127.0.0.1:${port}`);
    expect(await convert(upstream)).toBe('OK');
    await first.server[Symbol.asyncDispose]();
    expect(await convert(upstream)).toBe('UNAVAILABLE');
    await using second = await countingServer(0, port);
    await eventually('it works', async () => (await convert(upstream)) === 'OK');
    expect(second.count.calls).toBe(1);
  });
});

describe('a call', () => {
  let server: CurrencyServer;

  beforeAll(async () => {
    server = await startCurrencyServer({
      convert: () => Promise.reject(new DomainError('invalid', 'CURRENCY_UNKNOWN', 'unknown')),
    });
  });

  afterAll(() => server[Symbol.asyncDispose]());

  it('creates one span with its status', async () => {
    const observed: ObservedCall[] = [];
    using upstream = connect(server.address, { tracer: observingTracer('test', (call) => observed.push(call)) });
    using call = testCall();
    await upstream.calls.getSupportedCurrencies({}, call);
    await convert(upstream);
    const common = { from: 'test', to: 'currencyservice' };
    expect(observed).toEqual([
      { ...common, rpc: 'GetSupportedCurrencies', code: 'OK' },
      { ...common, rpc: 'Convert', code: 'INVALID_ARGUMENT' },
    ]);
  });

  it('creates one span even when it was retried', async () => {
    await using recovering = await countingServer(2);
    const observed: ObservedCall[] = [];
    using upstream = connect(recovering.server.address, {
      retries: true,
      tracer: observingTracer('test', (call) => observed.push(call)),
    });
    await convert(upstream);
    expect(observed.map(({ code }) => code)).toEqual(['OK']);
  });

  it('ignores the proxy environment variables', async () => {
    const outside = { http_proxy: 'http://127.0.0.1:9', grpc_proxy: 'http://127.0.0.1:9', no_proxy: undefined };
    const replaced = jest.replaceProperty(process, 'env', { ...environment(), ...outside });
    try {
      using upstream = connect(server.address);
      using call = testCall();
      expect(await upstream.calls.getSupportedCurrencies({}, call)).toEqual({ currencyCodes: ['EUR'] });
    } finally {
      replaced.restore();
    }
  });

  it('resolves a host name, and 50 calls can be in flight at once', async () => {
    using upstream = connect(`localhost:${server.address.split(':')[1]}`);
    using call = testCall();
    const responses = Array.from({ length: 50 }, () => upstream.calls.getSupportedCurrencies({}, call));
    expect(await Promise.all(responses)).toHaveLength(50);
  });

  it('is refused for a malformed address', () => {
    expect(() => connect('currencyservice')).toThrow(new TypeError('not an address of an upstream: currencyservice'));
  });
});

describe('the upstreams of a service', () => {
  const open = (address: string, retries: boolean, observed: ObservedCall[] = []) =>
    connectUpstreams({
      runtime: testRuntime({ service: 'frontend', tracer: observingTracer('frontend', (call) => observed.push(call)) }),
      definitions: { currencyservice: CurrencyServiceDefinition },
      addresses: { currencyservice: address },
      retries,
    });

  it('have the name of the service in their spans, retry reads, and close together', async () => {
    await using recovering = await countingServer(1);
    const observed: ObservedCall[] = [];
    const upstreams = open(recovering.server.address, true, observed);
    const calls = upstreams.calls.currencyservice;
    using call = testCall();
    expect(await failureOfCall(calls.convert(question, call))).toBe('OK');
    expect(observed).toEqual([{ from: 'frontend', to: 'currencyservice', rpc: 'Convert', code: 'OK' }]);
    upstreams[Symbol.dispose]();
    await expect(calls.convert(question, call)).rejects.toThrow('Channel has been shut down');
  });

  it('do not retry where a mesh retries', async () => {
    await using recovering = await countingServer(1);
    using upstreams = open(recovering.server.address, false);
    const calls = upstreams.calls.currencyservice;
    using call = testCall();
    expect(await failureOfCall(calls.convert(question, call))).toContain('UNAVAILABLE');
  });
});
