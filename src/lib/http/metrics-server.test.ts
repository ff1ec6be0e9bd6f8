import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serviceMetrics } from '../metrics/metrics.ts';
import { testRuntime } from '../testing/test-runtime.ts';
import { type MetricsServer, startMetricsServer } from './metrics-server.ts';

const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
const OPEN_METRICS = { accept: 'application/openmetrics-text; version=1.0.0, text/plain;q=0.5' };

const runtime = testRuntime();
const metrics = serviceMetrics({ service: 'testservice', version: '1' });
metrics.counter({ name: 'things_total', help: 'Things.', labels: {} }).add({}, 3);
metrics.histogram({ name: 'call_seconds', help: 'Calls.', labels: {}, buckets: [1] }).observe({}, 0.5, SPAN);

describe('the metrics server', () => {
  let server: MetricsServer;

  beforeAll(async () => {
    server = await startMetricsServer({ config: { host: '127.0.0.1', port: 0 }, metrics, log: runtime.log });
  });

  afterAll(() => server[Symbol.asyncDispose]());

  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`http://${server.address}${path}`, init);
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };

  it('serves OpenMetrics with exemplars to a client that accepts them', async () => {
    const { status, type, text } = await ask('/metrics', { headers: OPEN_METRICS });
    expect({ status, type }).toEqual({
      status: 200,
      type: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    });
    expect(text).toContain('# TYPE things counter\nthings_total{service="testservice"} 3');
    expect(text).toContain(`# {trace_id="${SPAN.traceId}"`);
    expect(text.endsWith('# EOF\n')).toBe(true);
  });

  it('serves plain text to a client that does not accept OpenMetrics, such as a browser', async () => {
    const { status, type, text } = await ask('/metrics?x=1', { headers: { accept: 'text/html' } });
    expect({ status, type }).toEqual({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
    expect(text).toContain('# TYPE things_total counter\nthings_total{service="testservice"} 3');
    expect(text).not.toMatch(/# \{|# EOF/);
  });

  it.each([
    ['application/openmetrics-text', true],
    ['text/plain;q=0.5, Application/OpenMetrics-Text; version=1.0.0; Q=0.75', true],
    ['application/openmetrics-text;q=0.001', true],
    ['application/openmetrics-text;q=0', false],
    ['text/plain, application/openmetrics-text; version=1.0.0; q=0.000', false],
    ['application/openmetrics-text-of-another-kind', false],
  ])('decides from the Accept header whether to serve OpenMetrics: %s: %s', async (accept, isTaken) => {
    const { type } = await ask('/metrics', { headers: { accept } });
    expect(type?.startsWith('application/openmetrics-text')).toBe(isTaken);
  });

  it('allows only reads of /metrics', async () => {
    expect(await ask('/')).toMatchObject({ status: 404, text: 'The metrics are at /metrics.\n' });
    expect(await ask('/metrics', { method: 'POST', body: 'x' })).toMatchObject({ status: 405 });
    expect(await ask('/metrics', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
  });

  it('responds with 500 and logs the cause when the metrics cannot be collected', async () => {
    const registry = { metrics: () => Promise.reject(new Error('a bug of a library')) };
    const broken = { ...metrics, registry: registry as unknown as typeof metrics.registry };
    const { log, logs } = testRuntime();
    await using other = await startMetricsServer({ config: { host: '127.0.0.1', port: 0 }, metrics: broken, log });
    expect((await fetch(`http://${other.address}/metrics`)).status).toBe(500);
    expect(logs.lines).toEqual([
      expect.objectContaining({
        msg: 'metrics request failed',
        err: expect.objectContaining({ message: 'a bug of a library' }),
      }),
    ]);
  });

  it('fails on a port in use and names the variable to change', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const starting = startMetricsServer({ config: { host: '127.0.0.1', port }, metrics, log: runtime.log });
    await expect(starting).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: address already in use: choose another METRICS_PORT`,
    );
    await new Promise((resolve) => other.close(resolve));
  });
});
