import { eventually } from '../../src/lib/testing/eventually.ts';
import { frame, rawCall } from '../../src/lib/testing/raw-call.ts';
import { milliseconds } from '../../tools/generate/mesh-routes.ts';
import { bareCall } from './bare-call.ts';
import { type Behaviour, hangs, isUnavailable, pathOf } from './callee.ts';
import { meshRulesOf, routeOf } from './mesh-rules.ts';
import { type Replicas, startReplicas } from './proxy-to.ts';

const GET = pathOf('cartservice', 'GetCart');
const ADD = pathOf('cartservice', 'AddItem');
const ENDED = /^(?:UNAVAILABLE|DEADLINE_EXCEEDED)$/;
/** Timers of Node may fire this much early. */
const TIMER_RESOLUTION_MS = 2;

/** Makes one call. Returns its status and the budgets, in milliseconds, with which its attempts reached the service. */
async function call(shop: Replicas, path: string, headers: Record<string, string> = {}) {
  const [callee] = shop.replicas;
  const before = callee?.attempts.length ?? 0;
  const status = await bareCall(shop.address, path, headers);
  return { status, budgetsMs: (callee?.attempts.slice(before) ?? []).map(({ budgetMs }) => budgetMs) };
}

type RpcOf = Parameters<typeof pathOf>;

const timesOf = (...[service, rpc]: RpcOf) => {
  const { timeout, retries } = routeOf(meshRulesOf(service), pathOf(service, rpc));
  return {
    timeoutMs: milliseconds(timeout),
    tryMs: milliseconds(retries.perTryTimeout ?? timeout),
    attempts: 1 + retries.attempts,
  };
};

describe('the deadline of a call', () => {
  let shop: Replicas;
  let response: Behaviour;
  beforeAll(async () => {
    shop = await startReplicas('cartservice', [(context) => response(context)]);
  });
  afterAll(async () => await shop?.[Symbol.asyncDispose]());

  it('ends the retries of the proxy', async () => {
    const all = timesOf('cartservice', 'GetCart').attempts;
    let attempts = 0;
    response = async (context) => {
      attempts += 1;
      await (attempts === 1 ? isUnavailable : hangs)(context);
    };
    const ended = await call(shop, GET, { 'grpc-timeout': '400m' });
    expect(ended.status).toMatch(ENDED);
    expect(ended.budgetsMs.length).toBeLessThan(all);
    // A late attempt of the first call would reach the service during the second one, and be counted as one too many.
    response = isUnavailable;
    expect((await call(shop, GET)).budgetsMs).toHaveLength(all);
  });

  it('is passed to the service, less the time of earlier attempts', async () => {
    const [deadlineMs, failsAfterMs] = [500, 100];
    response = async (context) => {
      await new Promise((resolve) => setTimeout(resolve, failsAfterMs));
      await isUnavailable(context);
    };
    await eventually('a call has a second attempt', async () => {
      const { budgetsMs } = await call(shop, GET, { 'grpc-timeout': `${deadlineMs}m` });
      for (const [earlier, budgetMs] of budgetsMs.entries())
        expect(budgetMs).toBeLessThanOrEqual(deadlineMs - earlier * (failsAfterMs - TIMER_RESOLUTION_MS));
      return budgetsMs.length > 1;
    });
  });

  it.each([
    ['GetCart', 'perTryTimeout', GET],
    ['AddItem', 'timeout', ADD],
  ])('for %s is the %s of its route when the caller sets no deadline', async (rpc, _field, path) => {
    const { tryMs } = timesOf('cartservice', rpc);
    response = isUnavailable;
    await eventually('a call arrives with nearly all of the timeout left', async () => {
      const [budgetMs = 0] = (await call(shop, path)).budgetsMs;
      expect(budgetMs).toBeLessThanOrEqual(tryMs);
      return budgetMs > 0.8 * tryMs;
    });
  });
});

describe('a service that does not answer', () => {
  it.each([
    ['adservice', 'GetAds', {}],
    ['adservice', 'GetAds', { 'grpc-timeout': '10S' }],
    ['shippingservice', 'ShipOrder', {}],
  ] as const)(
    'makes a caller of %s %s wait for the timeout of the route, with all attempts: %j',
    async (service, rpc, headers) => {
      await using shop = await startReplicas(service, [hangs]);
      const { timeoutMs, attempts } = timesOf(service, rpc);
      await eventually('a call has all its attempts', async () => {
        const startedAt = performance.now();
        const { status, budgetsMs } = await call(shop, pathOf(service, rpc), headers);
        expect(performance.now() - startedAt).toBeGreaterThanOrEqual(timeoutMs - TIMER_RESOLUTION_MS);
        expect(status).toMatch(ENDED);
        expect(budgetsMs.length).toBeLessThanOrEqual(attempts);
        return budgetsMs.length === attempts;
      });
    },
  );

  it('is called again if its own deadline expires before the timeout of the attempt', async () => {
    await using shop = await startReplicas('adservice', [hangs]);
    const [callee] = shop.replicas;
    const { attempts } = timesOf('adservice', 'GetAds');
    await eventually('a call has all its attempts', async () => {
      const before = callee?.attempts.length ?? 0;
      // The deadline of the service begins with the headers, the timeout of the proxy with the end of the request.
      using raw = rawCall(shop.address, pathOf('adservice', 'GetAds'));
      await new Promise((resolve) => setTimeout(resolve, 200));
      raw.stream.end(frame(new Uint8Array()));
      await raw.response;
      return (callee?.attempts.length ?? 0) - before === attempts;
    });
  });

  it('gets no more concurrent retries than the retry budget allows', async () => {
    await using shop = await startReplicas('adservice', [hangs]);
    const { percent, minRetryConcurrency } = meshRulesOf('adservice').trafficPolicy.retryBudget;
    const { attempts } = timesOf('adservice', 'GetAds');
    const calls = 2 * minRetryConcurrency;
    expect((calls * percent) / 100).toBeLessThan(minRetryConcurrency);
    await eventually('retries exceed the budget', async () => {
      const before = shop.replicas[0]?.attempts.length ?? 0;
      await Promise.all(Array.from({ length: calls }, () => call(shop, pathOf('adservice', 'GetAds'))));
      const retries = (shop.replicas[0]?.attempts.length ?? 0) - before - calls;
      const { 'cluster.adservice.upstream_rq_retry_overflow': overflow = 0 } =
        await shop.stats(/upstream_rq_retry_overflow$/);
      return overflow > 0 && retries < calls * (attempts - 1);
    });
  });
});
