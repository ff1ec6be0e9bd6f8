import { createServer } from 'node:net';
import { CurrencyServiceDefinition } from '../../genproto/hipstershop/currency.ts';
import { requireText } from '../fields.ts';
import { type CurrencyServer, startCurrencyServer } from '../testing/currency-server.ts';
import { eventually } from '../testing/eventually.ts';
import { freePort } from '../testing/free-port.ts';
import { frame, rawUnary } from '../testing/raw-call.ts';
import { failureOfCall, TEST_SERVER, type TestClient, testClient } from '../testing/test-client.ts';

const usd = { currencyCode: 'USD', units: 1n, nanos: 0 };
const CONVERT = '/hipstershop.CurrencyService/Convert';

describe('a server', () => {
  let server: CurrencyServer;
  let currency: TestClient<CurrencyServiceDefinition>;
  let handled = 0;

  beforeAll(async () => {
    server = await startCurrencyServer({
      convert: async ({ toCode }) => {
        handled += 1;
        requireText('user_currency', toCode, { min: 1, max: 100_000 });
        return usd;
      },
    });
    currency = testClient(CurrencyServiceDefinition, server.address);
  });

  afterAll(async () => {
    currency[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  beforeEach(() => {
    handled = 0;
  });

  it.each<[string, number[]]>([
    ['a field that ends too early', [0x0a, 0x05, 0x01]],
    ['a tag that never ends', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ['an illegal wire type', [0x0f, 0x01]],
    ['a length beyond the message', [0x12, 0xff, 0xff, 0xff, 0x7f]],
    ['a broken message inside the message', [0x0a, 0x02, 0x0a, 0x09]],
  ])('refuses %s as malformed, without calling the handler', async (_what, bytes) => {
    const { headers } = await rawUnary(server.address, CONVERT, { body: frame(Uint8Array.from(bytes)) });
    expect(headers).toMatchObject({ 'grpc-status': '3', 'grpc-message': 'the%20request%20cannot%20be%20decoded' });
    expect(handled).toBe(0);
    expect(server.runtime.logs.lines.at(-1)).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'REQUEST_MALFORMED' });
  });

  it.each<[string, number[]]>([
    ['a lone continuation byte', [0x80]],
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a cut character', [0xe2, 0x82]],
  ])('refuses text that is not UTF-8 as INVALID_ARGUMENT: %s', async (_what, bytes) => {
    const { headers } = await rawUnary(server.address, CONVERT, {
      body: frame(Uint8Array.from([0x12, bytes.length, ...bytes])),
    });
    expect(headers['grpc-status']).toBe('3');
  });

  it('accepts requests of up to one megabyte and refuses larger ones as RESOURCE_EXHAUSTED', async () => {
    expect(await failureOfCall(currency.convert({ from: usd, toCode: 'x'.repeat(90_000) }))).toBe('OK');
    for (const length of [1_100_000, 5_000_000]) {
      const tooLarge = currency.convert({ from: usd, toCode: 'x'.repeat(length) });
      expect(await failureOfCall(tooLarge)).toBe('RESOURCE_EXHAUSTED');
    }
    expect(await failureOfCall(currency.convert({ from: usd, toCode: 'EUR' }))).toBe('OK');
    expect(handled).toBe(2);
  });

  it('returns UNIMPLEMENTED for an unknown RPC or service', async () => {
    for (const path of ['/hipstershop.CurrencyService/Print', '/hipstershop.CartService/GetCart']) {
      const { headers } = await rawUnary(server.address, path, { body: frame(new Uint8Array()) });
      expect(headers['grpc-status']).toBe('12');
    }
  });
});

describe('the concurrency limit', () => {
  it('refuses a call above the limit and accepts calls again when earlier ones have ended', async () => {
    const release: (() => void)[] = [];
    const hold = async (): Promise<typeof usd> => {
      await new Promise<void>((resolve) => release.push(resolve));
      return usd;
    };
    await using server = await startCurrencyServer(
      { convert: hold },
      { config: { ...TEST_SERVER, maxConcurrentCalls: 2 } },
    );
    using currency = testClient(CurrencyServiceDefinition, server.address);
    const held = [1, 2].map(() => failureOfCall(currency.convert({ from: usd, toCode: 'EUR' })));
    await eventually('both calls are in flight', () => release.length === 2);
    expect(await failureOfCall(currency.convert({ from: usd, toCode: 'EUR' }))).toBe('RESOURCE_EXHAUSTED OVERLOADED');
    expect(await failureOfCall(currency.getSupportedCurrencies({}))).toBe('RESOURCE_EXHAUSTED OVERLOADED');
    expect(server.runtime.logs.lines.at(-1)).toMatchObject({ level: 'warn', reason: 'OVERLOADED' });
    for (const respond of release) respond();
    expect(await Promise.all(held)).toEqual(['OK', 'OK']);
    expect(await failureOfCall(currency.getSupportedCurrencies({}))).toBe('OK');
  });

  it('no longer counts a call that failed', async () => {
    const fail = async (): Promise<never> => {
      throw new Error('bug');
    };
    const failAtOnce = (): never => {
      throw new Error('bug');
    };
    await using server = await startCurrencyServer(
      { convert: fail, batchConvert: failAtOnce },
      { config: { ...TEST_SERVER, maxConcurrentCalls: 1 } },
    );
    using currency = testClient(CurrencyServiceDefinition, server.address);
    for (let round = 0; round < 3; round += 1) {
      expect(await failureOfCall(currency.convert({ from: usd, toCode: 'EUR' }))).toBe('INTERNAL INTERNAL');
      expect(await failureOfCall(currency.batchConvert({ from: [], toCode: 'EUR' }))).toBe('INTERNAL INTERNAL');
    }
    expect(await failureOfCall(currency.getSupportedCurrencies({}))).toBe('OK');
  });
});

describe('an address that cannot be bound', () => {
  it('is reported with its reason and cause when another process uses the port', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    try {
      await eventually('the port is taken', () => other.listening);
      await expect(startCurrencyServer({}, { config: { ...TEST_SERVER, port } })).rejects.toMatchObject({
        message: `cannot listen on 127.0.0.1:${port}: address already in use`,
        cause: { code: 'EADDRINUSE' },
      });
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });

  it('is reported when another gRPC server uses the port', async () => {
    await using first = await startCurrencyServer();
    const port = Number(first.address.split(':')[1]);
    await expect(startCurrencyServer({}, { config: { ...TEST_SERVER, port } })).rejects.toThrow(
      `cannot listen on ${first.address}: address already in use`,
    );
  });

  it('is reported when it is not an address of this machine', async () => {
    const starting = startCurrencyServer({}, { config: { ...TEST_SERVER, host: '192.0.2.1' } });
    await expect(starting).rejects.toThrow('cannot listen on 192.0.2.1:0: address not available');
  });
});

describe('the address of a server', () => {
  it('has the configured port', async () => {
    const port = await freePort();
    await using server = await startCurrencyServer({}, { config: { ...TEST_SERVER, port } });
    expect(server.address).toBe(`127.0.0.1:${port}`);
  });

  it('has brackets around an IPv6 address and can be called', async () => {
    await using server = await startCurrencyServer({}, { config: { ...TEST_SERVER, host: '::1' } });
    expect(server.address).toMatch(/^\[::1\]:[1-9]\d*$/);
    using currency = testClient(CurrencyServiceDefinition, server.address);
    expect(await currency.getSupportedCurrencies({})).toEqual({ currencyCodes: ['EUR'] });
  });
});
