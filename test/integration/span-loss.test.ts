import { eventually } from '../../src/lib/testing/eventually.ts';
import { type LaunchedShop, launchOpen } from './launched-shop.ts';
import { metricsOf, total } from './live-metrics.ts';
import type { ReceivedSpan } from './received-span.ts';
import { startReceiver } from './span-receiver.ts';
import { checkoutForm, MUG, webShopper } from './web-shopper.ts';

const SHOPPERS = 4;
const ROUNDS = 6;
const PAGES_PER_ROUND = 5;
// Twice the 400 ms that the batches of a busy shop leave to a collector.
const COLLECTOR_MS = 800;

/** Requests pages one after the other; whether they succeed on a busy machine is not asserted. */
async function browse(shop: LaunchedShop): Promise<void> {
  const shopper = webShopper(shop.url());
  for (let round = 0; round < ROUNDS; round += 1) {
    await shopper.get('/');
    await shopper.get(`/product/${MUG}`);
    await shopper.post('/cart', { product_id: MUG, quantity: '1' });
    await shopper.get('/cart');
    await shopper.post('/cart/checkout', checkoutForm());
  }
}

const isPage = ({ service, kind }: ReceivedSpan): boolean => service === 'frontend' && kind === 'SERVER';
const isCall = ({ attributes }: ReceivedSpan): boolean => attributes['rpc.system.name'] === 'grpc';

describe('the spans of a shop of one process per service', () => {
  // Fewer spans per service than its buffer holds, so that no span may be lost at any speed of the machine. What happens
  // at a rate that fills the buffer is tested with a fake clock, in src/lib/telemetry/open-tracing.test.ts.
  it(`reach a collector that takes ${COLLECTOR_MS} ms for a batch: one per page and two per call`, async () => {
    await using receiver = await startReceiver('otlp', { responseAfterMs: COLLECTOR_MS });
    await using shop = await launchOpen({ PER_SERVICE: '1', ...receiver.variables });
    await Promise.all(Array.from({ length: SHOPPERS }, () => browse(shop)));
    let counted = await metricsOf(shop);
    await eventually('no request, outbox task or span is waiting', async () => {
      const before = total(counted, 'rpc_client_call_duration_seconds_count');
      counted = await metricsOf(shop);
      const waiting =
        total(counted, 'http_server_active_requests') +
        total(counted, 'mercato_outbox_tasks', { state: 'waiting' }) +
        total(counted, 'mercato_spans_queued');
      return waiting === 0 && total(counted, 'rpc_client_call_duration_seconds_count') === before;
    });

    const spansBy = (outcome: string) => total(counted, 'mercato_spans_total', { outcome });
    expect({ queue_full: spansBy('queue_full'), export_failed: spansBy('export_failed') }).toEqual({
      queue_full: 0,
      export_failed: 0,
    });
    const requests = counted.filter(({ labels }) => !/^\/(?:static|_healthz|robots)/.test(labels.http_route ?? ''));
    const pages = total(requests, 'http_server_request_duration_seconds_count');
    expect(pages).toBe(SHOPPERS * ROUNDS * PAGES_PER_ROUND);
    const expected = {
      pages,
      sent: total(counted, 'rpc_client_call_duration_seconds_count'),
      answered: total(counted, 'rpc_server_call_duration_seconds_count'),
    };
    const received = () => {
      const spans = receiver.spans();
      return {
        pages: spans.filter(isPage).length,
        sent: spans.filter((span) => isCall(span) && span.kind === 'CLIENT').length,
        answered: spans.filter((span) => isCall(span) && span.kind === 'SERVER').length,
      };
    };
    await eventually('the last batch has arrived', () => received().sent >= expected.sent);
    expect(received()).toEqual(expected);
  });
});
