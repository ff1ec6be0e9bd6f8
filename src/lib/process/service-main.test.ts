import { CurrencyServiceDefinition } from '../../genproto/hipstershop/currency.ts';
import { healthOf } from '../grpc/health-of.ts';
import { readExposition } from '../metrics/exposition.ts';
import { type Child, type Compiled, compile, runNode } from '../testing/child-process.ts';
import { startCurrencyServer } from '../testing/currency-server.ts';
import { eventually } from '../testing/eventually.ts';
import { failureOfCall, testClient } from '../testing/test-client.ts';

const FIXTURE = 'lib/testing/fixtures/currency-process.ts';
const question = { from: { currencyCode: 'USD', units: 1n, nanos: 0 }, toCode: 'EUR' };

// It only ends a hang.
const CHECK_LIMIT_MS = 60_000;

let compiled: Compiled;

beforeAll(async () => {
  compiled = await compile(FIXTURE);
});

afterAll(() => compiled[Symbol.asyncDispose]());

function run(env: Record<string, string>): Child {
  return runNode(compiled.script(FIXTURE), { HOST: '127.0.0.1', PORT: '0', ...env });
}

const messages = (child: Child) => child.logs().map(({ msg }) => msg);

/** Starts the fixture and waits until it listens. */
async function started(env: Record<string, string> = {}) {
  const child = run(env);
  const { listening } = await child.logged('started');
  return { child, address: String(listening), [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}

describe('a service process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('turns readiness off on %s and serves during the delay', async (signal) => {
    await using process = await started({ SHUTDOWN_DELAY_MS: '60000', SHUTDOWN_LIMIT_MS: '300000' });
    const { child, address } = process;
    expect(await healthOf(address, CHECK_LIMIT_MS)).toBe('SERVING');
    child.signal(signal);
    await child.logged('stopping');
    expect(await healthOf(address, CHECK_LIMIT_MS)).toBe('NOT_SERVING');
    using currency = testClient(CurrencyServiceDefinition, address);
    expect(await failureOfCall(currency.getSupportedCurrencies({}))).toBe('OK');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('finishes the calls in flight on %s and exits 0', async (signal) => {
    await using process = await started({ HOLD_CALLS: 'true', SHUTDOWN_LIMIT_MS: '300000' });
    const { child, address } = process;
    using currency = testClient(CurrencyServiceDefinition, address);
    const inFlight = failureOfCall(currency.convert(question));
    await child.logged('call begun');
    child.signal(signal);
    await eventually('new calls are refused', async () => (await failureOfCall(healthOf(address))) === 'UNAVAILABLE');
    child.signal('SIGUSR2');
    expect(await inFlight).toBe('OK');
    expect(await child.ended()).toBe(0);
    expect(messages(child)).toEqual(['start begun', 'started', 'call begun', 'stopping', 'rpc completed', 'stopped']);
    expect(child.stderr()).toBe('');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('exits 0 immediately on %s during its start', async (signal) => {
    await using child = run({ START_MS: '600000' });
    await child.logged('start begun');
    child.signal(signal);
    expect(await child.ended()).toBe(0);
    expect(messages(child)).toEqual(['start begun']);
  });

  it('exits 1 immediately on a second signal', async () => {
    await using process = await started({ HOLD_CALLS: 'true', SHUTDOWN_LIMIT_MS: '300000' });
    const { child, address } = process;
    using currency = testClient(CurrencyServiceDefinition, address);
    const cut = failureOfCall(currency.convert(question));
    await child.logged('call begun');
    child.signal('SIGTERM');
    await child.logged('stopping');
    child.signal('SIGINT');
    expect(await child.ended()).toBe(1);
    expect(await cut).not.toBe('OK');
    expect(messages(child).slice(-2)).toEqual(['stopping', 'second signal, exiting immediately']);
  });

  it.each([
    ['closing never ends', { HANG_ON_CLOSE: 'true' }],
    ['the delay is longer than the limit', { SHUTDOWN_DELAY_MS: '60000' }],
  ])('exits 1 at the shutdown limit when %s', async (_what, env) => {
    await using process = await started({ SHUTDOWN_LIMIT_MS: '400', ...env });
    const { child } = process;
    child.signal('SIGTERM');
    expect(await child.ended()).toBe(1);
    expect(messages(child).slice(-2)).toEqual(['stopping', 'shutdown timed out']);
    expect(child.logs().at(-1)).toMatchObject({ level: 'error', limitMs: 400 });
  });

  it('prints every problem of its configuration and exits 1', async () => {
    await using child = run({ PORT: '70000', START_MS: 'x', LOG_LEVEL: 'loud' });
    expect(await child.ended()).toBe(1);
    expect(child.logs()).toEqual([]);
    expect(child.stderr().trimEnd().split('\n')).toEqual([
      'currencyservice: The configuration cannot be used:',
      '  LOG_LEVEL=loud: expected fatal, error, warn, info, debug or silent',
      '  PORT=70000: expected a whole number from 0 to 65535',
      '  START_MS=x: expected a whole number from 0 to 600000',
    ]);
  });

  it('logs once that its address is in use and exits 1', async () => {
    await using other = await startCurrencyServer();
    await using child = run({ PORT: other.address.split(':')[1] ?? '' });
    expect(await child.ended()).toBe(1);
    expect(child.stderr()).toBe('');
    expect(child.logs().slice(1)).toEqual([
      expect.objectContaining({
        level: 'fatal',
        msg: 'could not start',
        err: expect.objectContaining({
          message: expect.stringContaining(`cannot listen on ${other.address}: address already in use`),
        }),
      }),
    ]);
  });

  it('logs that the metrics port is in use and which variable to change, and exits 1', async () => {
    await using other = await startCurrencyServer();
    await using child = run({ METRICS_HOST: '127.0.0.1', METRICS_PORT: other.address.split(':')[1] ?? '' });
    expect(await child.ended()).toBe(1);
    expect(child.logs()).toEqual([
      expect.objectContaining({
        msg: 'could not start',
        err: expect.objectContaining({
          message: expect.stringContaining(
            `cannot listen on ${other.address}: address already in use: choose another METRICS_PORT`,
          ),
        }),
      }),
    ]);
  });

  it('serves its metrics, including those of the process', async () => {
    await using process = await started({ METRICS_HOST: '127.0.0.1' });
    using currency = testClient(CurrencyServiceDefinition, process.address);
    await currency.convert(question);
    const line = process.child.logs().find(({ msg }) => msg === 'started');
    const samples = readExposition(await (await fetch(`http://${String(line?.metrics)}/metrics`)).text());
    const names = new Set(samples.map(({ name }) => name));
    for (const name of [
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_eventloop_time_seconds_total',
      'rpc_server_call_duration_seconds_count',
    ]) {
      expect(names).toContain(name);
    }
    const busy = samples.find(
      ({ name, labels }) => name.startsWith('nodejs_eventloop_time') && labels.state === 'active',
    );
    expect(busy?.value).toBeGreaterThan(0);
    expect(samples.every(({ labels }) => labels.service === 'currencyservice')).toBe(true);
  });

  it('logs its version, and refuses connections after SIGKILL', async () => {
    await using process = await started({ LOG_LEVEL: 'info' });
    const { child, address } = process;
    expect(child.logs()[0]).toMatchObject({
      service: 'currencyservice',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    child.signal('SIGKILL');
    expect(await child.ended()).toBe('SIGKILL');
    await eventually('connections are refused', async () => (await failureOfCall(healthOf(address))) === 'UNAVAILABLE');
  });
});
