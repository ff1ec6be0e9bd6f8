import { CurrencyConversionRequest, CurrencyServiceDefinition } from '../../genproto/hipstershop/currency.ts';
import { Money } from '../../genproto/hipstershop/money.ts';
import { DomainError } from '../errors.ts';
import { type CurrencyServer, startCurrencyServer } from '../testing/currency-server.ts';
import { eventually } from '../testing/eventually.ts';
import { frame, rawUnary } from '../testing/raw-call.ts';
import { failureOfCall, TEST_SERVER, testCall } from '../testing/test-client.ts';
import type { CallContext } from './call-context.ts';
import { connectUpstream, type Upstream } from './client.ts';
import { UpstreamError } from './upstream-error.ts';

const usd = { currencyCode: 'USD', units: 1n, nanos: 0 };
const CONVERT = '/hipstershop.CurrencyService/Convert';
// Jest's time limit for a test is far below half of it: a bound on the remaining time is never a matter of speed.
const BUDGET_MS = 600_000;

const SECRET = 's3cret-of-the-shopper';

type Convert = (call: CallContext) => Promise<Money>;

let server: CurrencyServer;
let upstream: Upstream<CurrencyServiceDefinition>;
let convert: Convert;

beforeEach(async () => {
  convert = async () => usd;
  server = await startCurrencyServer(
    { convert: (_request, call) => convert(call) },
    { config: { ...TEST_SERVER, drainLimitMs: 50 } },
  );
  upstream = connectUpstream(CurrencyServiceDefinition, {
    to: 'currencyservice',
    address: server.address,
  });
});

afterEach(async () => {
  upstream[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

const lines = () => server.runtime.logs.lines;

async function call(budgetMs = BUDGET_MS): Promise<Money> {
  using context = testCall(budgetMs);
  return await upstream.calls.convert({ from: usd, toCode: SECRET }, context);
}

const body = frame(CurrencyConversionRequest.encode({ from: usd, toCode: SECRET }).finish());

describe('a call to a server', () => {
  it('is logged in one line with code, duration, budget and request id', async () => {
    await call();
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toMatchObject({
      level: 'info',
      msg: 'rpc completed',
      rpc: 'Convert',
      code: 'OK',
      requestId: 'test',
      durationMs: expect.any(Number),
    });
    expect(lines()[0]?.budgetMs).toBeGreaterThan(BUDGET_MS / 2);
    expect(lines()[0]?.budgetMs).toBeLessThanOrEqual(BUDGET_MS);
    expect(lines()[0]?.durationMs).toBeGreaterThanOrEqual(0);
  });

  it.each<[string, Convert, object]>([
    [
      'a refusal',
      () => Promise.reject(new DomainError('invalid', 'MONEY_INVALID', 'is odd')),
      { level: 'info', code: 'INVALID_ARGUMENT', reason: 'MONEY_INVALID' },
    ],
    [
      'an unavailable upstream',
      () =>
        Promise.reject(new UpstreamError({ upstream: 'adservice', rpc: 'GetAds', code: 14, details: 'no connection' })),
      {
        level: 'warn',
        code: 'UNAVAILABLE',
        reason: 'UPSTREAM_UNAVAILABLE',
        cause: 'adservice GetAds: UNAVAILABLE no connection',
      },
    ],
    [
      'a bug',
      () => Promise.reject(new TypeError('x is undefined')),
      { level: 'error', code: 'INTERNAL', reason: 'INTERNAL', err: expect.objectContaining({ type: 'TypeError' }) },
    ],
  ])('is logged in one line with code and reason: %s', async (_what, failing, expected) => {
    convert = failing;
    await failureOfCall(call());
    expect(lines()).toEqual([expect.objectContaining({ rpc: 'Convert', requestId: 'test', ...expected })]);
  });

  it('is logged without the content of its request and response', async () => {
    convert = async () => ({ ...usd, currencyCode: SECRET });
    await call();
    convert = () => Promise.reject(new DomainError('invalid', 'MONEY_INVALID', 'is odd'));
    await failureOfCall(call());
    convert = () => Promise.reject(new Error('bug'));
    await failureOfCall(call());
    expect(lines()).toHaveLength(3);
    expect(server.runtime.logs.text()).not.toContain(SECRET);
  });

  it.each([
    ['the caller sent none', {}],
    ['the caller sent one that could forge a log line', { 'x-request-id': 'a b"}' }],
    ['the caller sent one that is too long', { 'x-request-id': 'x'.repeat(65) }],
  ])('gets a new request id when %s', async (_what, headers) => {
    await rawUnary(server.address, CONVERT, { body, headers });
    expect(lines()[0]?.requestId).toBe('00000000-0000-4000-8000-000000000001');
  });
});

function unreadable(): unknown {
  const get = () => {
    throw new Error('not readable');
  };
  return Object.defineProperty({}, 'message', { get, enumerable: true });
}

describe('an error thrown by a handler', () => {
  it('is sent as INTERNAL without its message and logged once with its stack', async () => {
    convert = () => Promise.reject(new Error('the text of a bug'));
    const { headers } = await rawUnary(server.address, CONVERT, { body });
    expect(headers).toMatchObject({ 'grpc-status': '13', 'grpc-message': 'internal%20error' });
    const details = Buffer.from(String(headers['grpc-status-details-bin']), 'base64').toString('latin1');
    expect(details).toContain('INTERNAL');
    expect(details).not.toContain('text of a bug');
    expect(lines()).toHaveLength(1);
    expect(lines()[0]?.err).toMatchObject({ message: 'the text of a bug', stack: expect.stringContaining('.test.') });
  });

  it.each<[string, Convert]>([
    [
      'an error thrown synchronously',
      () => {
        throw new Error('early');
      },
    ],
    ['a rejection with a string', () => Promise.reject('text')],
    ['a rejection with null', () => Promise.reject(null)],
    ['an error whose message cannot be read', () => Promise.reject(unreadable())],
    ['a response that cannot be encoded', async () => ({ ...usd, units: 2n ** 64n })],
    ['an undefined response', async () => undefined as never],
  ])('is sent as INTERNAL and logged once: %s', async (_what, failing) => {
    convert = failing;
    expect(await failureOfCall(call())).toBe('INTERNAL INTERNAL');
    expect(lines()).toEqual([expect.objectContaining({ level: 'error', code: 'INTERNAL' })]);
    expect(lines()[0]).toHaveProperty('err');
  });

  it('is logged when the call was already cancelled, unless it is an AbortError', async () => {
    for (const late of [new DOMException('stopped', 'AbortError'), new TypeError('late bug')]) {
      using context = testCall();
      convert = async ({ signal }) => {
        context[Symbol.dispose]();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        throw late;
      };
      expect(await failureOfCall(upstream.calls.convert({ from: usd, toCode: SECRET }, context))).toBe('CANCELLED');
    }
    await eventually('every line is logged', () => lines().length === 3);
    expect(lines().filter(({ level }) => level === 'error')).toEqual([
      expect.objectContaining({
        msg: 'rpc handler failed after the response',
        err: expect.objectContaining({ message: 'late bug' }),
      }),
    ]);
  });
});

describe('a response on the wire', () => {
  it.each<[string, Convert, string]>([
    ['a refusal', () => Promise.reject(new DomainError('precondition', 'CART_EMPTY', 'later')), '9'],
    ['a bug', () => Promise.reject(new Error('bug')), '13'],
  ])('is trailers-only for an error: %s', async (_what, failing, code) => {
    convert = failing;
    const response = await rawUnary(server.address, CONVERT, { body });
    expect(response.endedWithHeaders).toBe(true);
    expect(response.headers['grpc-status']).toBe(code);
    expect(response.headers['grpc-status-details-bin']).toEqual(expect.any(String));
    expect(response.body).toHaveLength(0);
  });

  it('has headers, a message and trailers for a success', async () => {
    const response = await rawUnary(server.address, CONVERT, { body });
    expect(response.endedWithHeaders).toBe(false);
    expect(response.headers['grpc-status']).toBeUndefined();
    expect(response.trailers['grpc-status']).toBe('0');
    expect(Money.decode(response.body.subarray(5))).toEqual(usd);
  });

  it('carries the reason and metadata of an error to the caller', async () => {
    const metadata = { order_id: 'o-1' };
    convert = () => Promise.reject(new DomainError('precondition', 'CARD_DECLINED', 'use another card', { metadata }));
    await expect(call()).rejects.toMatchObject({
      name: 'UpstreamError',
      upstream: 'currencyservice',
      rpc: 'Convert',
      code: 9,
      reason: 'CARD_DECLINED',
      metadata,
      details: 'use another card',
      message: 'currencyservice Convert: FAILED_PRECONDITION use another card',
    });
  });

  it.each(['100 % größer als «я»', 'half a pair \ud83d', 'line\nbreak'])(
    'carries an error with any message: %j',
    async (message) => {
      convert = () => Promise.reject(new DomainError('precondition', 'CART_EMPTY', message));
      expect(await failureOfCall(call())).toBe('FAILED_PRECONDITION CART_EMPTY');
    },
  );
});
