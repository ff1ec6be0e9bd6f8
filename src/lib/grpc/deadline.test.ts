import { once } from 'node:events';
import { CurrencyServiceDefinition } from '../../genproto/hipstershop/currency.ts';
import { startCurrencyServer } from '../testing/currency-server.ts';
import { eventually } from '../testing/eventually.ts';
import { frame, rawCall, rawUnary } from '../testing/raw-call.ts';
import { failureOfCall, TEST_SERVER, testCall } from '../testing/test-client.ts';
import { beginCall, type CallContext, HOP_RESERVE_MS, remainingMs } from './call-context.ts';
import { connectUpstream, type Upstream } from './client.ts';

const usd = { currencyCode: 'USD', units: 1n, nanos: 0 };
const question = { from: usd, toCode: 'EUR' };
const CONVERT = '/hipstershop.CurrencyService/Convert';
const never = (): Promise<never> => new Promise(() => {});

// Jest's time limit for a test is far below half of it: a bound on the remaining time is never a matter of speed.
const BUDGET_MS = 600_000;
// grpc-timeout carries the remaining time rounded up to whole milliseconds.
const ROUNDING_MS = 1;

const connect = (address: string): Upstream<CurrencyServiceDefinition> =>
  connectUpstream(CurrencyServiceDefinition, { to: 'currencyservice', address });

/** A server whose Convert records its call contexts and then runs `convert`. */
async function recordingServer(
  convert: (call: CallContext) => Promise<typeof usd> = async () => usd,
  options: { defaultDeadlineMs?: number } = {},
) {
  const contexts: CallContext[] = [];
  const left: number[] = [];
  const handler = async (_request: unknown, call: CallContext): Promise<typeof usd> => {
    contexts.push(call);
    left.push(remainingMs(call));
    return await convert(call);
  };
  const server = await startCurrencyServer(
    { convert: handler },
    { config: { ...TEST_SERVER, drainLimitMs: 50 }, ...options },
  );
  return { server, contexts, left, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe('the deadline of a call', () => {
  it('is the default of the server when the caller sets none', async () => {
    await using recording = await recordingServer(undefined, { defaultDeadlineMs: BUDGET_MS });
    const { body, trailers } = await rawUnary(recording.server.address, CONVERT, { body: frame(new Uint8Array()) });
    expect(trailers['grpc-status']).toBe('0');
    expect(body.length).toBeGreaterThan(5);
    expect(recording.left[0]).toBeGreaterThan(BUDGET_MS / 2);
    expect(recording.left[0]).toBeLessThanOrEqual(BUDGET_MS);
  });

  it('is the remaining time of the caller less the reserve of the hop', async () => {
    await using recording = await recordingServer();
    using upstream = connect(recording.server.address);
    using call = testCall(BUDGET_MS);
    await upstream.calls.convert(question, call);
    expect(recording.left[0]).toBeLessThanOrEqual(BUDGET_MS - HOP_RESERVE_MS + ROUNDING_MS);
    expect(recording.left[0]).toBeGreaterThan(BUDGET_MS / 2);
  });

  it('shrinks by the reserve of each hop', async () => {
    await using last = await recordingServer();
    using toLast = connect(last.server.address);
    await using middle = await recordingServer((call) => toLast.calls.convert(question, call));
    using toMiddle = connect(middle.server.address);
    using call = testCall(BUDGET_MS);
    await toMiddle.calls.convert(question, call);
    expect(last.left[0]).toBeLessThanOrEqual(BUDGET_MS - 2 * HOP_RESERVE_MS + 2 * ROUNDING_MS);
    expect(last.left[0]).toBeGreaterThan(BUDGET_MS / 2);
    expect(last.contexts[0]?.requestId).toBe('test');
  });

  it('is refused by the server before the handler runs when it is under 20 ms', async () => {
    await using recording = await recordingServer();
    const { headers } = await rawUnary(recording.server.address, CONVERT, {
      body: frame(new Uint8Array()),
      headers: { 'grpc-timeout': `${HOP_RESERVE_MS - 1}m` },
    });
    expect(headers['grpc-status']).toBe('4');
    expect(recording.contexts).toEqual([]);
    expect(recording.server.runtime.logs.lines.at(-1)).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      reason: 'DEADLINE_TOO_SHORT',
    });
  });

  it('is not sent by the client when it is under 20 ms', async () => {
    await using recording = await recordingServer();
    using upstream = connect(recording.server.address);
    using call = testCall(HOP_RESERVE_MS);
    expect(await failureOfCall(upstream.calls.convert(question, call))).toBe('DEADLINE_EXCEEDED');
    expect(recording.server.runtime.logs.lines).toEqual([]);
  });

  it('ends a handler that never returns, and aborts its signal', async () => {
    await using recording = await recordingServer(never, { defaultDeadlineMs: 60 });
    const { headers } = await rawUnary(recording.server.address, CONVERT, { body: frame(new Uint8Array()) });
    expect(headers['grpc-status']).toBe('4');
    expect(recording.contexts[0]?.signal.aborted).toBe(true);
    expect(recording.server.runtime.logs.lines).toEqual([
      expect.objectContaining({ code: 'DEADLINE_EXCEEDED', reason: 'DEADLINE_EXCEEDED' }),
    ]);
  });
});

describe('cancellation', () => {
  it('reaches the last of two hops', async () => {
    const waitForEnd = async ({ signal }: CallContext): Promise<typeof usd> => {
      if (!signal.aborted) await once(signal, 'abort');
      return usd;
    };
    await using last = await recordingServer(waitForEnd);
    using toLast = connect(last.server.address);
    await using middle = await recordingServer((call) => toLast.calls.convert(question, call));
    using toMiddle = connect(middle.server.address);
    const call = beginCall({ budgetMs: 20_000, requestId: 'r-1' });
    const response = failureOfCall(toMiddle.calls.convert(question, call));
    await eventually('the last hop handles the call', () => last.contexts.length === 1);
    expect(last.contexts[0]?.signal.aborted).toBe(false);
    call[Symbol.dispose]();
    expect(await response).toBe('CANCELLED');
    await eventually('the signal of the last hop is aborted', () => last.contexts[0]?.signal.aborted === true);
    for (const { server } of [middle, last]) {
      await eventually('the call is logged', () => server.runtime.logs.lines.length > 0);
      expect(server.runtime.logs.lines).toEqual([expect.objectContaining({ code: 'CANCELLED', requestId: 'r-1' })]);
    }
  });

  it('by an HTTP/2 stream reset aborts the signal of the handler', async () => {
    await using recording = await recordingServer(never);
    using call = rawCall(recording.server.address, CONVERT);
    call.stream.end(frame(new Uint8Array()));
    await eventually('the handler runs', () => recording.contexts.length === 1);
    call.stream.close(8);
    await eventually('the signal of the handler is aborted', () => recording.contexts[0]?.signal.aborted === true);
  });

  it('before the call prevents it from being sent', async () => {
    await using recording = await recordingServer();
    using upstream = connect(recording.server.address);
    const call = testCall();
    call[Symbol.dispose]();
    await expect(upstream.calls.convert(question, call)).rejects.toMatchObject({
      name: 'UpstreamError',
      isOutage: true,
    });
    expect(recording.contexts).toEqual([]);
  });
});
