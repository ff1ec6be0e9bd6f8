import { frame, rawCall } from '../../src/lib/testing/raw-call.ts';
import type { GrpcServiceName } from '../../src/topology.ts';
import { milliseconds } from '../../tools/generate/mesh-routes.ts';
import { bareCall } from './bare-call.ts';
import { type Answer, hangs, isAway, pathOf } from './callee.ts';
import { meshRulesOf, routeOf } from './mesh-rules.ts';
import { type Replicas, startReplicas } from './proxy-to.ts';

const FAILS_AFTER_MS = 150;

/** What a busy machine may take longer, or begin later, in milliseconds. */
const SLACK_MS = 200;

const failsLate: Answer = async (call) => {
  await new Promise((resolve) => setTimeout(resolve, FAILS_AFTER_MS));
  await isAway(call);
};

/** Calls; answers how it ended, after how long, and the attempts that it was. */
async function called(shop: Replicas, path: string, headers: Record<string, string> = {}) {
  const [callee] = shop.replicas;
  const before = callee?.attempts.length ?? 0;
  const startedAt = performance.now();
  const status = await bareCall(shop.address, path, headers);
  const tookMs = performance.now() - startedAt;
  const attempts = callee?.attempts.slice(before) ?? [];
  return { status, tookMs, attempts: attempts.map(({ atMs, budgetMs }) => ({ afterMs: atMs - startedAt, budgetMs })) };
}

const timesOf = (service: GrpcServiceName, rpc: string) => {
  const { timeout, retries } = routeOf(meshRulesOf(service), pathOf(service, rpc));
  return {
    timeoutMs: milliseconds(timeout),
    tryMs: milliseconds(retries.perTryTimeout ?? timeout),
    attempts: 1 + retries.attempts,
  };
};

describe('the deadline of a call', () => {
  let shop: Replicas;
  beforeAll(async () => {
    shop = await startReplicas('cartservice', [failsLate]);
  });
  afterAll(async () => await shop?.[Symbol.asyncDispose]());

  const GET = pathOf('cartservice', 'GetCart');
  const ADD = pathOf('cartservice', 'AddItem');

  it('ends the attempts: none is made after it', async () => {
    const deadlineMs = 1.5 * FAILS_AFTER_MS;
    const short = await called(shop, GET, { 'grpc-timeout': `${deadlineMs}m` });
    expect(short.status).toMatch(/^(?:UNAVAILABLE|DEADLINE_EXCEEDED)$/);
    expect(short.tookMs).toBeLessThan(deadlineMs + SLACK_MS);
    // Without a deadline it goes on; by its end a late attempt of the first call would have been made, too.
    const long = await called(shop, GET);
    expect(long.attempts).toHaveLength(timesOf('cartservice', 'GetCart').attempts);
    expect(short.attempts.length).toBeLessThan(long.attempts.length);
    for (const { afterMs } of short.attempts) expect(afterMs).toBeLessThan(deadlineMs);
  });

  it('reaches the service, less what the attempts before it took', async () => {
    const { attempts } = await called(shop, GET, { 'grpc-timeout': '500m' });
    expect(attempts.length).toBeGreaterThan(1);
    for (const { afterMs, budgetMs } of attempts) expect(Math.abs(afterMs + budgetMs - 500)).toBeLessThan(SLACK_MS);
  });

  it.each([
    ['GetCart', 'the time of one attempt', GET],
    ['AddItem', 'the time of the route', ADD],
  ])('of %s is, when its caller has none, %s', async (rpc, _what, path) => {
    const [{ budgetMs } = { budgetMs: 0 }] = (await called(shop, path)).attempts;
    const { tryMs } = timesOf('cartservice', rpc);
    expect(budgetMs).toBeLessThanOrEqual(tryMs);
    expect(budgetMs).toBeGreaterThan(tryMs - SLACK_MS);
  });
});

describe('a service that hangs', () => {
  it.each([
    ['adservice', 'GetAds', {}],
    ['adservice', 'GetAds', { 'grpc-timeout': '10S' }],
    ['shippingservice', 'ShipOrder', {}],
  ] as const)(
    'costs a caller of %s %s the time of the route, and every attempt of it: %j',
    async (service, rpc, headers) => {
      await using shop = await startReplicas(service, [hangs]);
      const { timeoutMs, attempts } = timesOf(service, rpc);
      const call = await called(shop, pathOf(service, rpc), headers);
      expect(call.status).toMatch(/^(?:UNAVAILABLE|DEADLINE_EXCEEDED)$/);
      expect(call.attempts).toHaveLength(attempts);
      expect(call.tookMs).toBeGreaterThan(timeoutMs - SLACK_MS);
      expect(call.tookMs).toBeLessThan(timeoutMs + SLACK_MS);
    },
  );

  it('is asked again also when it is the first to notice that the time of an attempt is over', async () => {
    await using shop = await startReplicas('adservice', [hangs]);
    // The time of the service begins with the headers, that of the proxy with the end of the request.
    using call = rawCall(shop.address, pathOf('adservice', 'GetAds'));
    await new Promise((resolve) => setTimeout(resolve, SLACK_MS));
    call.stream.end(frame(new Uint8Array()));
    await call.answer;
    expect(shop.replicas[0]?.attempts).toHaveLength(timesOf('adservice', 'GetAds').attempts);
  });

  it('is not asked again by everybody: an outage is not answered with as many attempts more', async () => {
    await using shop = await startReplicas('adservice', [hangs]);
    const { percent, minRetryConcurrency } = meshRulesOf('adservice').trafficPolicy.retryBudget;
    const calls = 12;
    expect((calls * percent) / 100).toBeLessThan(minRetryConcurrency);
    await Promise.all(Array.from({ length: calls }, () => called(shop, pathOf('adservice', 'GetAds'))));
    expect(shop.replicas[0]?.attempts).toHaveLength(calls + minRetryConcurrency);
  });
});
