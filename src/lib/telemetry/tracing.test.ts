import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { freePort } from '../testing/free-port.ts';
import { testRuntime } from '../testing/test-runtime.ts';
import { startTracing } from './tracing.ts';
import type { TracingConfig } from './tracing-config.ts';

// The OTLP exporter loads its transport with import(), which works in real processes only: test/integration has those.
function tracingTo(exporter: TracingConfig['exporter'], port: number) {
  const url = `http://127.0.0.1:${port}`;
  const config = {
    exporter,
    otlpUrl: `${url}/v1/traces`,
    jaegerUrl: `${url}/api/traces`,
    windowUrl: undefined,
    ratio: 1,
  };
  const { metrics } = testRuntime();
  return startTracing({ config, service: 'testservice', version: '1.2.3', isEdge: false, metrics });
}

async function collector(onBody: (body: Buffer) => boolean): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (onBody(Buffer.concat(chunks))) response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

async function msOf(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

describe('traces that go out', () => {
  it('are sent at the end, all that is buffered', async () => {
    let received = '';
    const { server, port } = await collector((body) => {
      received += body.toString('latin1');
      return true;
    });
    const tracing = await tracingTo('jaeger', port);
    for (let i = 0; i < 2000; i += 1) tracing.tracer.startSpan(`span-${i};`).end();
    await tracing[Symbol.asyncDispose]();
    for (let i = 0; i < 2000; i += 1) expect(received).toContain(`span-${i};`);
    expect(received).toContain('testservice');
    expect(received).toContain('1.2.3');
    await close(server);
  });

  it('do not hold the end up for longer than two seconds when the collector hangs, nor slow the work down', async () => {
    const { server, port } = await collector(() => false);
    const tracing = await tracingTo('jaeger', port);
    const spansMs = await msOf(() => {
      for (let i = 0; i < 20_000; i += 1) tracing.tracer.startSpan('span').end();
    });
    expect(spansMs).toBeLessThan(2000);
    expect(await msOf(() => tracing[Symbol.asyncDispose]())).toBeLessThan(2500);
    await close(server);
  });

  it('end without an error when there is no collector', async () => {
    const tracing = await tracingTo('jaeger', await freePort());
    tracing.tracer.startSpan('span').end();
    expect(await msOf(() => tracing[Symbol.asyncDispose]())).toBeLessThan(2500);
  });
});

describe('traces that go nowhere', () => {
  it('are not even made', async () => {
    await using tracing = await tracingTo('none', 1);
    expect(tracing.tracer.startSpan('span').isRecording()).toBe(false);
  });
});
