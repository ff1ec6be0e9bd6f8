import { connect as connectSocket } from 'node:net';
import { Client, credentials } from '@grpc/grpc-js';
import { service as health } from 'grpc-health-check';
import { CurrencyServiceDefinition } from '../../genproto/hipstershop/currency.ts';
import { startCurrencyServer } from '../testing/currency-server.ts';
import { eventually } from '../testing/eventually.ts';
import { frame, rawCall } from '../testing/raw-call.ts';
import { failureOfCall, TEST_SERVER, testClient } from '../testing/test-client.ts';
import type { WireMethod } from './definition.ts';

const usd = { currencyCode: 'USD', units: 1n, nanos: 0 };
const question = { from: usd, toCode: 'EUR' };

/** A server whose Convert does not return until the test calls the function in `release`. */
async function holdingServer(drainLimitMs = 600_000) {
  const release: (() => void)[] = [];
  const convert = async (): Promise<typeof usd> => {
    await new Promise<void>((resolve) => release.push(resolve));
    return usd;
  };
  return { release, server: await startCurrencyServer({ convert }, { config: { ...TEST_SERVER, drainLimitMs } }) };
}

async function takesConnections(address: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connectSocket(Number(address.split(':')[1]), '127.0.0.1');
    const onEvent = (open: boolean) => () => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', onEvent(true)).once('error', onEvent(false));
  });
}

// A server that waited for more than its calls in flight would exceed the time limit of the test.
const PATIENT = { config: { ...TEST_SERVER, drainLimitMs: 600_000 } };

describe('disposing a server', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('finishes the calls in flight and refuses new ones', async () => {
    const { release, server } = await holdingServer();
    using early = testClient(CurrencyServiceDefinition, server.address);
    const inFlight = failureOfCall(early.convert(question));
    await eventually('the call is in flight', () => release.length === 1);
    let disposed = false;
    const disposing = server[Symbol.asyncDispose]().then(() => {
      disposed = true;
    });
    await eventually('the port is closed', async () => !(await takesConnections(server.address)));
    using late = testClient(CurrencyServiceDefinition, server.address);
    expect(await failureOfCall(late.getSupportedCurrencies({}))).toBe('UNAVAILABLE');
    expect(await failureOfCall(early.getSupportedCurrencies({}))).toBe('UNAVAILABLE');
    expect(disposed).toBe(false);
    release[0]?.();
    expect(await inFlight).toBe('OK');
    await disposing;
  });

  it('finishes a call whose headers arrived before the shutdown and whose message arrives after it', async () => {
    const { release, server } = await holdingServer();
    using call = rawCall(server.address, '/hipstershop.CurrencyService/Convert');
    const message = frame(new Uint8Array());
    call.stream.write(message.subarray(0, 2));
    using other = testClient(CurrencyServiceDefinition, server.address);
    await other.getSupportedCurrencies({});
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const disposing = server[Symbol.asyncDispose]();
    call.stream.end(message.subarray(2));
    while (release.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await takesConnections(server.address)).toBe(false);
    // Longer than the server waits for its last responses to be written, shorter than the deadline of the call.
    await jest.advanceTimersByTimeAsync(1000);
    release[0]?.();
    expect((await call.response).trailers['grpc-status']).toBe('0');
    await jest.advanceTimersByTimeAsync(1000);
    await disposing;
  });

  it('does not wait for the streams of health watchers', async () => {
    const server = await startCurrencyServer({}, PATIENT);
    const watcher = new Client(server.address, credentials.createInsecure());
    const { Watch } = health as unknown as Record<string, WireMethod>;
    const seen: unknown[] = [];
    const stream = watcher.makeServerStreamRequest<object, object>(
      '/grpc.health.v1.Health/Watch',
      Watch?.requestSerialize as never,
      Watch?.responseDeserialize as never,
      { service: '' },
    );
    stream.on('data', (data) => seen.push(data)).on('error', () => {});
    await eventually('the watch is open', () => seen.length === 1);
    await server[Symbol.asyncDispose]();
    await eventually('the watcher received the last status', () => seen.length === 2);
    watcher.close();
  });

  it('cuts calls that are still in flight at the drain limit', async () => {
    const { release, server } = await holdingServer(150);
    using client = testClient(CurrencyServiceDefinition, server.address);
    const cut = failureOfCall(client.convert(question));
    await eventually('the call is in flight', () => release.length === 1);
    await server[Symbol.asyncDispose]();
    expect(await cut).not.toBe('OK');
  });

  it('ends without waiting when no call is in flight', async () => {
    const server = await startCurrencyServer({}, PATIENT);
    await server[Symbol.asyncDispose]();
    expect(await takesConnections(server.address)).toBe(false);
  });
});
