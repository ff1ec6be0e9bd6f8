import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { exchange } from './http-exchange.ts';
import { launchOpen } from './launched-shop.ts';
import { metricsOf, total } from './live-metrics.ts';

const BEHAVIOURS = {
  hangs: (request) => void request.resume(),
  refuses: (request, response) => {
    request.resume();
    response.writeHead(503, { 'retry-after': '60' }).end();
  },
} satisfies Record<string, RequestListener>;

/** A collector that accepts no span. */
async function startBrokenCollector(behaviour: keyof typeof BEHAVIOURS) {
  const open = new Set<IncomingMessage>();
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    open.add(request);
    response.once('close', () => open.delete(request));
    BEHAVIOURS[behaviour](request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    variables: { TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: url },
    requests: () => requests,
    /** The exports that wait for an answer now. */
    openExports: (): readonly IncomingMessage[] => [...open],
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('a shop whose collector accepts no span', () => {
  it('answers pages without waiting for an export and stops with exit code 0 while the collector hangs', async () => {
    await using collector = await startBrokenCollector('hangs');
    await using shop = await launchOpen(collector.variables);
    // Never true if a page waited for the export of its spans: that export ends after the ones before it.
    await eventually('a page is answered during an export that had begun before the page', async () => {
      const before = collector.openExports();
      expect((await exchange(shop.url(), {})).status).toBe(200);
      return before.some((request) => collector.openExports().includes(request));
    });
    const counted = await metricsOf(shop);
    expect(total(counted, 'mercato_spans_total', { outcome: 'exported' })).toBe(0);
    shop.process.kill('SIGTERM');
    expect(await shop.exited).toBe(0);
  });

  it('answers pages and stops with exit code 0 while the collector refuses every export', async () => {
    await using collector = await startBrokenCollector('refuses');
    await using shop = await launchOpen(collector.variables);
    await eventually('an export was refused', async () => {
      expect((await exchange(shop.url(), {})).status).toBe(200);
      return collector.requests() > 0;
    });
    shop.process.kill('SIGTERM');
    expect(await shop.exited).toBe(0);
  });
});
