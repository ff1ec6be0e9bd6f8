import type { ServerResponse } from 'node:http';
import { silentTracer } from '../lib/telemetry/tracing.ts';
import { HOME } from './actions.ts';
import { runOpenModel } from './open-model.ts';
import { newShopper, type Shopper } from './shopper.ts';
import { type SeenRequest, startTestStorefront, type TestStorefront } from './storefront.testing.ts';
import { openStorefront, type StorefrontClient } from './storefront-client.ts';
import { newTally, type Tally } from './tally.ts';

describe('the open model', () => {
  let answer: (request: SeenRequest, response: ServerResponse) => void;
  let server: TestStorefront;
  let storefront: StorefrontClient;
  let tally: Tally;
  let shoppers: number;

  beforeEach(async () => {
    answer = (_request, response) => response.end();
    server = await startTestStorefront((request, response) => answer(request, response));
    storefront = openStorefront({
      address: server.address,
      userAgent: 'test',
      maxConnections: 100,
      pageTimeoutMs: 5000,
      now: () => 0,
      tracer: silentTracer(),
    });
    tally = newTally();
    shoppers = 0;
  });

  afterEach(async () => {
    storefront[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  const shopper = (): Shopper => {
    shoppers += 1;
    return newShopper({ storefront, nextAction: () => [HOME] });
  };
  const run = (limits: { pagesPerSecond: number; users: number; maxInFlight: number }, ending: AbortSignal) =>
    runOpenModel({ ...limits, newShopper: shopper, tally }, ending);

  it('starts pages at its rate although none is answered', async () => {
    const ending = new AbortController();
    const held: ServerResponse[] = [];
    const beganAt = performance.now();
    answer = (_request, response) => {
      held.push(response);
      if (held.length === 41) ending.abort();
      if (ending.signal.aborted) for (const waiting of held) waiting.end();
    };
    await run({ pagesPerSecond: 100, users: 2, maxInFlight: 100 }, ending.signal);
    // The first is due at once, the 41st after 400 ms.
    expect((server.seen[40]?.atMs ?? 0) - beganAt).toBeGreaterThanOrEqual(399);
    expect(tally.totals()).toMatchObject({ errors: 0 });
    // All had to wait, so a shopper came for each page.
    expect(shoppers).toBe(tally.totals().pages);
  });

  it('lets its shoppers take turns', async () => {
    const ending = new AbortController();
    const cookies: (string | undefined)[] = [];
    answer = ({ headers }, response) => {
      const { length } = cookies;
      cookies.push(headers.cookie);
      if (headers.cookie === undefined) response.setHeader('set-cookie', `shopper=${length}`);
      if (length === 8) ending.abort();
      response.end();
    };
    await run({ pagesPerSecond: 50, users: 3, maxInFlight: 100 }, ending.signal);
    const turns = ['shopper=0', 'shopper=1', 'shopper=2'];
    expect(cookies.slice(0, 9)).toEqual([undefined, undefined, undefined, ...turns, ...turns]);
  });

  it('counts the time that pages wait behind a slow answer', async () => {
    const ending = new AbortController();
    const STALL_MS = 400;
    answer = (_request, response) => {
      // Once, everything stands still, the sender of requests too.
      if (server.seen.length === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STALL_MS);
      if (server.seen.length === 60) ending.abort();
      response.end();
    };
    await run({ pagesPerSecond: 100, users: 5, maxInFlight: 100 }, ending.signal);
    // 40 of the 60 pages were due during the stall, on average in its middle; sent they were only after it.
    const { latencyMs } = tally.totals();
    expect(latencyMs.p50).toBeGreaterThan(50);
    expect(latencyMs.p95).toBeGreaterThan(STALL_MS * 0.75);
  });

  it('fails pages that are due while too many are in flight', async () => {
    const ending = new AbortController();
    const held: ServerResponse[] = [];
    answer = (_request, response) => {
      held.push(response);
      if (held.length < 3) return;
      setTimeout(() => {
        ending.abort();
        for (const waiting of held) waiting.end();
      }, 100);
    };
    await run({ pagesPerSecond: 200, users: 1, maxInFlight: 3 }, ending.signal);
    const { pages, errorsByReason, byPage } = tally.totals();
    expect(server.seen).toHaveLength(3);
    expect(byPage.index).toMatchObject({ pages: 3, errors: 0 });
    expect(errorsByReason.NOT_STARTED).toBeGreaterThan(5);
    expect(errorsByReason).toEqual({ NOT_STARTED: pages - 3 });
  });
});
