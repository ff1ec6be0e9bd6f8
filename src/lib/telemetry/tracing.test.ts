import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { eventually } from '../testing/eventually.ts';
import { freePort } from '../testing/free-port.ts';
import { spanCounts } from '../testing/span-counts.ts';
import { testRuntime } from '../testing/test-runtime.ts';
import { startTracing, type Tracing } from './tracing.ts';
import type { TracingConfig } from './tracing-config.ts';

// The OTLP exporter loads its transport with import(), which jest does not support: test/integration covers it.
async function tracingTo(
  exporter: TracingConfig['exporter'],
  port: number,
  { isEdge = false, flushLimitMs = 30_000 } = {},
) {
  const url = `http://127.0.0.1:${port}`;
  const config = {
    exporter,
    otlpUrl: `${url}/v1/traces`,
    jaegerUrl: `${url}/api/traces`,
    devConsoleUrl: undefined,
    ratio: 1,
  };
  const { metrics } = testRuntime();
  const tracing = await startTracing({
    config,
    service: 'testservice',
    version: '1.2.3',
    isEdge,
    metrics,
    flushLimitMs,
  });
  return { ...tracing, counts: () => spanCounts(metrics) };
}

function makeSpans({ tracer }: Tracing, count: number): void {
  for (let n = 0; n < count; n += 1) tracer.startSpan(`span-${n};`).end();
}

async function collector(
  onBody: (body: Buffer, response: ServerResponse) => void,
): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => onBody(Buffer.concat(chunks), response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('exported traces', () => {
  it('are flushed at shutdown, every buffered span', async () => {
    let received = '';
    await using receiver = await collector((body, response) => {
      received += body.toString('latin1');
      response.end();
    });
    const tracing = await tracingTo('jaeger', receiver.port);
    makeSpans(tracing, 2000);
    await tracing[Symbol.asyncDispose]();
    expect(await tracing.counts()).toEqual({ exported: 2000, queue_full: 0, export_failed: 0, waiting: 0 });
    expect(new Set(received.match(/span-\d+(?=;)/g)).size).toBe(2000);
    expect(received).toContain('testservice');
    expect(received).toContain('1.2.3');
  });

  it('neither block the service nor its shutdown when the collector hangs', async () => {
    await using receiver = await collector(() => {});
    const tracing = await tracingTo('jaeger', receiver.port, { flushLimitMs: 200 });
    makeSpans(tracing, 20_000);
    // One batch is in flight and the buffer is full: the other spans are dropped and counted.
    const lost = 20_000 - 2048 - 8192;
    expect(await tracing.counts()).toEqual({ exported: 0, queue_full: lost, export_failed: 0, waiting: 8192 });
    await tracing[Symbol.asyncDispose]();
  });

  it('in flight are awaited at shutdown', async () => {
    const held: ServerResponse[] = [];
    await using receiver = await collector((_body, response) => held.push(response));
    const tracing = await tracingTo('jaeger', receiver.port);
    makeSpans(tracing, 50);
    await eventually('the export is in flight', () => held.length === 1);
    let hasResponse = false;
    const timer = setTimeout(() => {
      hasResponse = true;
      held[0]?.end();
    }, 200);
    await tracing[Symbol.asyncDispose]();
    clearTimeout(timer);
    expect(hasResponse).toBe(true);
    expect(await tracing.counts()).toEqual({ exported: 50, queue_full: 0, export_failed: 0, waiting: 0 });
  });

  it('count as failed when the collector refuses them', async () => {
    await using receiver = await collector((_body, response) => response.writeHead(503).end());
    const tracing = await tracingTo('jaeger', receiver.port);
    makeSpans(tracing, 5000);
    await tracing[Symbol.asyncDispose]();
    expect(await tracing.counts()).toEqual({ exported: 0, queue_full: 0, export_failed: 5000, waiting: 0 });
  });

  it('do not fail the shutdown when there is no collector', async () => {
    const tracing = await tracingTo('jaeger', await freePort());
    tracing.tracer.startSpan('span').end();
    await tracing[Symbol.asyncDispose]();
  });
});

describe('traces that callers marked as sampled', () => {
  const marked = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    traceFlags: 1,
    isRemote: true,
  };
  const caller = trace.setSpanContext(ROOT_CONTEXT, marked);

  it.each([
    ['up to 500 per second at the edge', true, 500],
    ['without a limit behind the edge', false, 5000],
  ])('are recorded %s', async (_where, isEdge, expected) => {
    // The sampler at the edge reads this clock: no time passes, so its limit is exact.
    const clock = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
    try {
      await using tracing = await tracingTo('jaeger', await freePort(), { isEdge });
      const spans = Array.from({ length: 5000 }, () => tracing.tracer.startSpan('page', {}, caller));
      expect(spans.filter((span) => span.isRecording())).toHaveLength(expected);
    } finally {
      clock.mockRestore();
    }
  });
});

describe('traces without an exporter', () => {
  it('have no recording spans', async () => {
    await using tracing = await tracingTo('none', 1);
    expect(tracing.tracer.startSpan('span').isRecording()).toBe(false);
  });
});
