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

/** A server whose Convert waits until it is let go. */
async function holdingServer(drainLimitMs = 5000) {
  const letGo: (() => void)[] = [];
  const convert = async (): Promise<typeof usd> => {
    await new Promise<void>((resolve) => letGo.push(resolve));
    return usd;
  };
  return { letGo, server: await startCurrencyServer({ convert }, { config: { ...TEST_SERVER, drainLimitMs } }) };
}

async function takesConnections(address: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connectSocket(Number(address.split(':')[1]), '127.0.0.1');
    const answer = (open: boolean) => () => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', answer(true)).once('error', answer(false));
  });
}

// A server that waited for more than its calls would run into the time limit of the test.
const PATIENT = { config: { ...TEST_SERVER, drainLimitMs: 600_000 } };

describe('a server that is disposed', () => {
  it('lets the calls in flight finish and takes no new ones', async () => {
    const { letGo, server } = await holdingServer();
    using early = testClient(CurrencyServiceDefinition, server.address);
    const inFlight = failureOfCall(early.convert(question));
    await eventually('the call is in flight', () => letGo.length === 1);
    let disposed = false;
    const disposing = server[Symbol.asyncDispose]().then(() => {
      disposed = true;
    });
    await eventually('the door is closed', async () => !(await takesConnections(server.address)));
    using late = testClient(CurrencyServiceDefinition, server.address);
    expect(await failureOfCall(late.getSupportedCurrencies({}))).toBe('UNAVAILABLE');
    expect(await failureOfCall(early.getSupportedCurrencies({}))).toBe('UNAVAILABLE');
    expect(disposed).toBe(false);
    letGo[0]?.();
    expect(await inFlight).toBe('OK');
    await disposing;
  });

  it('lets a call finish that was on its way when the door closed', async () => {
    const { letGo, server } = await holdingServer();
    using call = rawCall(server.address, '/hipstershop.CurrencyService/Convert');
    const message = frame(new Uint8Array());
    call.stream.write(message.subarray(0, 2));
    using other = testClient(CurrencyServiceDefinition, server.address);
    await other.getSupportedCurrencies({});
    // The door closes at once, before this goes on.
    const disposing = server[Symbol.asyncDispose]();
    call.stream.end(message.subarray(2));
    await eventually('the call is in flight', () => letGo.length === 1);
    expect(await takesConnections(server.address)).toBe(false);
    // Longer than a last answer is given to leave.
    const start = performance.now();
    await eventually('some time passed', () => performance.now() - start > 400);
    letGo[0]?.();
    expect((await call.answer).trailers['grpc-status']).toBe('0');
    await disposing;
  });

  it('does not wait for its health watchers', async () => {
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
    await eventually('the watcher was told first', () => seen.length === 2);
    watcher.close();
  });

  it('does not wait for its calls beyond its limit', async () => {
    const { letGo, server } = await holdingServer(150);
    using client = testClient(CurrencyServiceDefinition, server.address);
    const cut = failureOfCall(client.convert(question));
    await eventually('the call is in flight', () => letGo.length === 1);
    await server[Symbol.asyncDispose]();
    expect(await cut).not.toBe('OK');
  });

  it('does not wait when no call is in flight', async () => {
    const server = await startCurrencyServer({}, PATIENT);
    await server[Symbol.asyncDispose]();
    expect(await takesConnections(server.address)).toBe(false);
  });
});
