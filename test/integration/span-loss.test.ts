import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { runNode } from '../../src/lib/testing/child-process.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { type LaunchedShop, launchOpen } from './launched-shop.ts';
import { metricsOf, total } from './live-metrics.ts';
import type { ReceivedSpan } from './received-span.ts';
import { startReceiver } from './span-receiver.ts';

const PAGES_PER_SECOND = 200;
const SECONDS = 20;
// Twice what is promised, so that a machine with other things to do stays within the promise.
const COLLECTOR_MS = 800;

/** Sends shoppers who do not wait for answers. */
async function sendPages(shop: LaunchedShop): Promise<void> {
  await using load = runNode(projectPath('dist', 'loadgenerator', 'main.js'), {
    FRONTEND_ADDR: shop.url().replace('http://', ''),
    PAGES_PER_SECOND: String(PAGES_PER_SECOND),
    SECONDS: String(SECONDS),
    // Whether pages are slow on a busy machine is not what is asked here.
    MAX_ERROR_RATIO: '1',
    LOG_LEVEL: 'silent',
  });
  expect(await load.ended()).toBe(0);
}

const isPage = ({ service, kind }: ReceivedSpan): boolean => service === 'frontend' && kind === 'SERVER';
const isCall = ({ attributes }: ReceivedSpan): boolean => attributes['rpc.system.name'] === 'grpc';

describe(`at ${PAGES_PER_SECOND} pages a second, and a collector that takes ${COLLECTOR_MS} ms for a batch`, () => {
  it('no span is lost: as many arrive as there were pages and calls', async () => {
    await using receiver = await startReceiver('otlp', { answerAfterMs: COLLECTOR_MS });
    await using shop = await launchOpen({ PER_SERVICE: '1', ...receiver.variables });
    await sendPages(shop);
    let counted = await metricsOf(shop);
    await eventually('nothing is under way', async () => {
      const before = total(counted, 'rpc_client_call_duration_seconds_count');
      counted = await metricsOf(shop);
      const isIdle =
        total(counted, 'http_server_active_requests') + total(counted, 'mercato_outbox_tasks', { state: 'waiting' }) ===
        0;
      return isIdle && total(counted, 'rpc_client_call_duration_seconds_count') === before;
    });
    shop.process.kill('SIGTERM');
    expect(await shop.exited).toBe(0);

    // First the shop's own word: it says of a span that is lost where that happened.
    const processed = (error_type: string) => total(counted, 'otel_sdk_processor_span_processed_total', { error_type });
    expect({ queue_full: processed('queue_full'), export_failed: processed('export_failed') }).toEqual({
      queue_full: 0,
      export_failed: 0,
    });
    const spans = receiver.spans();
    const requests = counted.filter(({ labels }) => !/^\/(?:static|_healthz|robots)/.test(labels.http_route ?? ''));
    const pages = total(requests, 'http_server_request_duration_seconds_count');
    // A machine that has other things to do may not keep up; that it was loaded at all is what is held here.
    expect(pages).toBeGreaterThan((PAGES_PER_SECOND * SECONDS) / 2);
    expect({
      pages: spans.filter(isPage).length,
      made: spans.filter((span) => isCall(span) && span.kind === 'CLIENT').length,
      answered: spans.filter((span) => isCall(span) && span.kind === 'SERVER').length,
    }).toEqual({
      pages,
      made: total(counted, 'rpc_client_call_duration_seconds_count'),
      answered: total(counted, 'rpc_server_call_duration_seconds_count'),
    });
  }, 120_000);
});
