import { CurrencyServiceDefinition } from '../../genproto/hipstershop/currency.ts';
import { healthOf } from '../grpc/health-of.ts';
import { readExposition } from '../metrics/exposition.ts';
import { type Child, type Compiled, compile, runNode } from '../testing/child-process.ts';
import { startCurrencyServer } from '../testing/currency-server.ts';
import { eventually } from '../testing/eventually.ts';
import { failureOfCall, testClient } from '../testing/test-client.ts';

const FIXTURE = 'lib/testing/fixtures/currency-process.ts';
const question = { from: { currencyCode: 'USD', units: 1n, nanos: 0 }, toCode: 'EUR' };

let compiled: Compiled;

beforeAll(async () => {
  compiled = await compile(FIXTURE);
});

afterAll(() => compiled[Symbol.asyncDispose]());

function run(env: Record<string, string>): Child {
  return runNode(compiled.script(FIXTURE), { HOST: '127.0.0.1', PORT: '0', ...env });
}

/** Runs the fixture until it listens. */
async function started(env: Record<string, string> = {}) {
  const child = run(env);
  const { listening } = await child.logged('started');
  return { child, address: String(listening), [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}

describe('a service as a process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('turns readiness off on %s, lets calls finish, exits 0', async (signal) => {
    await using process = await started({ CALL_MS: '3500', SHUTDOWN_DELAY_MS: '3000' });
    const { child, address } = process;
    expect(await healthOf(address)).toBe('SERVING');
    using currency = testClient(CurrencyServiceDefinition, address);
    const inFlight = failureOfCall(currency.convert(question));
    await child.logged('call begun');
    child.signal(signal);
    await child.logged('stopping');
    expect(await healthOf(address)).toBe('NOT_SERVING');
    expect(await failureOfCall(currency.getSupportedCurrencies({}))).toBe('OK');
    expect(await inFlight).toBe('OK');
    expect(await child.ended()).toBe(0);
    expect(child.logs().map(({ msg }) => msg)).toEqual([
      'start begun',
      'started',
      'call begun',
      'stopping',
      'rpc completed',
      'rpc completed',
      'stopped',
    ]);
    expect(child.stderr()).toBe('');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('exits 0 at once on %s while it is starting', async (signal) => {
    await using child = run({ START_MS: '60000' });
    await child.logged('start begun');
    child.signal(signal);
    expect(await child.ended()).toBe(0);
  });

  it('exits at once with 1 on a second signal', async () => {
    await using process = await started({ CALL_MS: '20000' });
    const { child, address } = process;
    using currency = testClient(CurrencyServiceDefinition, address);
    const cut = failureOfCall(currency.convert(question));
    await child.logged('call begun');
    child.signal('SIGTERM');
    await child.logged('stopping');
    child.signal('SIGINT');
    expect(await child.ended()).toBe(1);
    expect(await cut).not.toBe('OK');
  });

  it.each([
    ['a close that never ends', { HANG_ON_CLOSE: 'true' }],
    ['a delay that is longer', { SHUTDOWN_DELAY_MS: '60000' }],
  ])('exits 1 at the limit, whatever still runs: %s', async (_what, env) => {
    await using process = await started({ SHUTDOWN_LIMIT_MS: '400', ...env });
    const { child } = process;
    child.signal('SIGTERM');
    await child.logged('stopping');
    expect(await child.ended()).toBe(1);
    expect(child.logs().at(-1)).toMatchObject({ level: 'error', msg: 'shutdown timed out', limitMs: 400 });
  });

  it('tells every problem of its configuration and exits 1', async () => {
    await using child = run({ PORT: '70000', CALL_MS: 'x', LOG_LEVEL: 'loud' });
    expect(await child.ended()).toBe(1);
    expect(child.logs()).toEqual([]);
    expect(child.stderr().trimEnd().split('\n')).toEqual([
      'currencyservice: The configuration cannot be used:',
      '  LOG_LEVEL=loud: expected fatal, error, warn, info, debug or silent',
      '  PORT=70000: expected a whole number from 0 to 65535',
      '  CALL_MS=x: expected a whole number from 0 to 60000',
    ]);
  });

  it('says that its address is taken, once, and exits 1', async () => {
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

  it('says that the port of its metrics is taken, and what to do, and exits 1', async () => {
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

  it('offers its metrics, with what is known of its process', async () => {
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

  it('starts, tells its version, and is gone when its parent kills it', async () => {
    await using process = await started({ LOG_LEVEL: 'info' });
    const { child, address } = process;
    expect(child.logs()[0]).toMatchObject({
      service: 'currencyservice',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    child.signal('SIGKILL');
    expect(await child.ended()).toBe('SIGKILL');
    await eventually('nobody answers', async () => (await failureOfCall(healthOf(address))) === 'UNAVAILABLE');
  });
});
