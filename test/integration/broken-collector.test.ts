import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exchange } from './http-exchange.ts';
import { type LaunchedShop, launchOpen } from './launched-shop.ts';
import { metricsOf, total } from './live-metrics.ts';

const MANNERS = {
  takes: (request, response) => void request.resume().on('end', () => response.end()),
  hangs: (request) => void request.resume(),
  refuses: (request, response) => {
    request.resume();
    response.writeHead(503, { 'retry-after': '60' }).end();
  },
} satisfies Record<string, RequestListener>;

/** A collector that takes what it gets, or does not. */
async function collectorThat(manner: keyof typeof MANNERS) {
  const server = createServer(MANNERS[manner]);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    variables: { TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: url },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Asks for the front page so often, one after the other; answers how long each took, in milliseconds. */
async function pageTimes(shop: LaunchedShop, pages: number): Promise<number[]> {
  const times: number[] = [];
  for (let page = 0; page < pages; page += 1) {
    const startedAt = performance.now();
    expect((await exchange(shop.url(), {})).status).toBe(200);
    times.push(performance.now() - startedAt);
  }
  return times;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

describe('a collector', () => {
  it('that hangs makes no page slower', async () => {
    await using takes = await collectorThat('takes');
    await using hangs = await collectorThat('hangs');
    await using sound = await launchOpen(takes.variables);
    await using troubled = await launchOpen(hangs.variables);
    const times = { sound: [] as number[], troubled: [] as number[] };
    // By turns, so that whatever else the machine does falls on both. The first round warms them up.
    for (let round = 0; round < 12; round += 1) {
      const [ofSound, ofTroubled] = [await pageTimes(sound, 50), await pageTimes(troubled, 50)];
      if (round === 0) continue;
      times.sound.push(...ofSound);
      times.troubled.push(...ofTroubled);
    }
    expect(median(times.troubled)).toBeLessThan(1.5 * median(times.sound));
    const counted = await metricsOf(troubled);
    expect(total(counted, 'otel_sdk_processor_span_processed_total', { error_type: '' })).toBe(0);
  });

  it.each(['hangs', 'refuses'] as const)(
    'that %s does not keep the shop from ending, within its bound',
    async (manner) => {
      await using collector = await collectorThat(manner);
      await using shop = await launchOpen(collector.variables);
      await pageTimes(shop, 20);
      const startedAt = performance.now();
      shop.process.kill('SIGTERM');
      expect(await shop.exited).toBe(0);
      // Two seconds for the traces, and some for everything else on a busy machine.
      expect(performance.now() - startedAt).toBeLessThan(6000);
    },
  );
});
