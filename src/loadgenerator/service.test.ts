import { eventually } from '../lib/testing/eventually.ts';
import { freePort } from '../lib/testing/free-port.ts';
import { recordSpans } from '../lib/testing/recorded-spans.ts';
import { repeatableRandom } from '../lib/testing/repeatable-random.ts';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import { type LoadConfig, readConfig } from './config.ts';
import { MIX } from './mix.ts';
import { exitCode } from './report.ts';
import { type LoadGenerator, start } from './service.ts';
import { respondAsShop, startTestStorefront, type TestStorefront } from './storefront.testing.ts';

describe('the load generator', () => {
  let shop: TestStorefront;
  let generator: LoadGenerator | undefined;
  let runtime: ReturnType<typeof testRuntime>;

  beforeEach(async () => {
    shop = await startTestStorefront(respondAsShop);
    runtime = testRuntime({ service: 'loadgenerator', randomBelow: repeatableRandom() });
  });

  afterEach(async () => {
    await generator?.[Symbol.asyncDispose]();
    generator = undefined;
    await shop[Symbol.asyncDispose]();
  });

  const startRun = async (config: Partial<LoadConfig>): Promise<LoadGenerator> => {
    const defaults = readConfig({ FRONTEND_ADDR: shop.address, USERS: '1', WAIT_SCALE: '0' });
    generator = await start({ ...defaults, ...config }, runtime);
    return generator;
  };
  const pagesRequested = () => shop.seen.filter(({ path }) => path !== '/_healthz');

  it('listens on no address', async () => {
    expect((await startRun({})).address).toBe('');
  });

  it('requests the health check, then the home page, then pages by the load mix', async () => {
    const running = await startRun({});
    await eventually('enough pages', () => shop.seen.length > 500);
    running.startDraining();
    const { byPage, errors } = await running.finished;
    expect(shop.seen[0]?.path).toBe('/_healthz');
    expect(shop.seen[1]).toMatchObject({ method: 'GET', path: '/' });
    expect(errors).toBe(0);
    // An addToCart requests a product page first; a checkout requests a product page and an addToCart first.
    const expected = {
      ...MIX,
      browseProduct: MIX.browseProduct + MIX.addToCart + MIX.checkout,
      addToCart: MIX.addToCart + MIX.checkout,
    };
    const weights = Object.values(expected).reduce((sum, weight) => sum + weight, 0);
    const pages = Object.values(byPage).reduce((sum, page) => sum + page.pages, 0);
    for (const [name, weight] of Object.entries(expected)) {
      const share = byPage[name as keyof typeof MIX].pages / pages;
      expect(Math.abs(share - weight / weights)).toBeLessThan(0.05);
    }
  });

  it.each([
    ['closed', {}],
    ['open', { pagesPerSecond: 50 }],
  ])('adds the trace of the page as an exemplar to its duration in the %s model', async (_model, config) => {
    const { tracer, spans } = recordSpans();
    runtime = testRuntime({ service: 'loadgenerator', randomBelow: repeatableRandom(), tracer });
    const running = await startRun(config);
    await eventually('some pages', () => pagesRequested().length > 10);
    running.startDraining();
    await running.finished;
    const text = await runtime.metrics.registry.metrics();
    const exemplars = [
      ...text.matchAll(/^mercato_load_page_duration_seconds_bucket.*trace_id="(\w+)",span_id="(\w+)"/gm),
    ];
    expect(exemplars.length).toBeGreaterThan(0);
    const made = new Set(spans().map((span) => `${span.spanContext().traceId} ${span.spanContext().spanId}`));
    expect(exemplars.filter(([, traceId, spanId]) => !made.has(`${traceId} ${spanId}`))).toEqual([]);
  });

  it('sends cookies per user, and no Origin header', async () => {
    const running = await startRun({ users: 3, rate: 1000 });
    await eventually('enough pages', () => shop.seen.length > 100);
    running.startDraining();
    await running.finished;
    expect(pagesRequested().filter(({ headers }) => headers.cookie === undefined)).toHaveLength(3);
    expect(pagesRequested().filter(({ headers }) => headers.origin !== undefined)).toEqual([]);
  });

  it('checks out the cart that it filled', async () => {
    const running = await startRun({});
    await eventually('a checkout', () => shop.seen.some(({ path }) => path === '/cart/checkout'));
    running.startDraining();
    await running.finished;
    const at = shop.seen.findIndex(({ path }) => path === '/cart/checkout');
    const [view, add, cart, checkout] = shop.seen.slice(at - 3, at + 1);
    const added = Object.fromEntries(new URLSearchParams(add?.body));
    expect(view).toMatchObject({ method: 'GET', path: `/product/${added.product_id}` });
    expect([1, 2, 3, 4, 5, 10]).toContain(Number(added.quantity));
    expect(cart).toMatchObject({ method: 'GET', path: '/cart' });
    expect([...new URLSearchParams(checkout?.body).keys()]).toHaveLength(10);
  });

  it('uses the configured rate of new users and factor of their pauses', async () => {
    // The second user would come after 1000 seconds, the second page of the first user after at least that.
    const report = await (await startRun({ durationMs: 100, users: 5, rate: 0.001, waitScale: 1000 })).finished;
    expect(report.pages).toBe(1);
  });

  it('ends the run when its time is over', async () => {
    const report = await (await startRun({ durationMs: 200 })).finished;
    expect(report).toMatchObject({ model: 'closed', target: shop.address, users: 1, passed: true });
    expect(report.seconds).toBeGreaterThanOrEqual(0.199);
    expect(report.pages).toBeGreaterThanOrEqual(1);
    expect(report.startedAt).toBe('2026-11-23T12:00:00.000Z');
  });

  it('starts pages at the configured rate in the open model', async () => {
    // The second page is due after 1000 seconds.
    const report = await (await startRun({ durationMs: 100, pagesPerSecond: 0.001, users: 5 })).finished;
    expect(report).toMatchObject({ model: 'open', pages: 1 });
  });

  it('does not meet its thresholds when pages fail', async () => {
    await shop[Symbol.asyncDispose]();
    shop = await startTestStorefront(({ path }, response) => {
      response.writeHead(path === '/_healthz' ? 200 : 503).end();
    });
    const report = await (await startRun({ durationMs: 250 })).finished;
    expect(report.errorsByReason).toEqual({ HTTP_503: report.pages });
    expect(exitCode(report)).toBe(1);
  });

  it('waits for an unavailable storefront, logs that once, and then starts', async () => {
    const port = await freePort();
    const running = await startRun({ frontendAddress: `127.0.0.1:${port}` });
    await eventually('it waits', () => runtime.logs.lines.length > 0);
    await shop[Symbol.asyncDispose]();
    shop = await startTestStorefront(respondAsShop, port);
    await eventually('it shops', () => pagesRequested().length > 0);
    running.startDraining();
    expect(exitCode(await running.finished)).toBe(0);
    expect(runtime.logs.lines.map(({ msg }) => msg)).toEqual(['storefront unavailable, waiting']);
  });

  it('fails when the storefront does not become healthy within the limit', async () => {
    const away = { frontendAddress: `127.0.0.1:${await freePort()}`, durationMs: 1000, maxStartupWaitMs: 150 };
    const report = await (await startRun(away)).finished;
    expect(report).toMatchObject({ pages: 0, seconds: 0, passed: false });
  });

  it('stops waiting when it is disposed', async () => {
    const running = await startRun({ frontendAddress: `127.0.0.1:${await freePort()}` });
    await eventually('it waits', () => runtime.logs.lines.length > 0);
    await running[Symbol.asyncDispose]();
    expect(exitCode(await running.finished)).toBe(1);
  });

  it('abandons pages that have no response within the shutdown limit', async () => {
    await shop[Symbol.asyncDispose]();
    shop = await startTestStorefront((request, response) => {
      if (request.path === '/_healthz') response.end('ok');
    });
    const shutdown = { delayMs: 0, limitMs: 400 };
    const running = await startRun({ frontendAddress: shop.address, shutdown, pageTimeoutMs: 600_000 });
    await eventually('a page is asked for', () => pagesRequested().length > 0);
    await running[Symbol.asyncDispose]();
    // The page was abandoned: it has neither a response nor a timeout.
    expect(await running.finished).toMatchObject({ pages: 0, errorsByReason: {} });
  });
});
