import { z } from 'zod';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { startPostgres, type TestPostgres } from '../../src/lib/testing/postgres-server.ts';
import { startRedis, type TestRedis } from '../../src/lib/testing/redis-server.ts';
import { databaseServices, serviceNames } from '../../src/topology.ts';
import { allRules, GENERATED_INTO } from '../../tools/observability/generated-files.ts';
import { type LaunchedShop, launchOpen } from '../integration/launched-shop.ts';
import { type SpanReceiver, startReceiver } from '../integration/span-receiver.ts';
import { checkoutForm, MUG, shopAround, webShopper } from '../integration/web-shopper.ts';
import { startPrometheusFor, type TestPrometheus } from './prometheus-server.ts';
import { namesIn } from './promql.ts';
import { panelQueries, type Query, ruleQueries, rules, runbookQueries } from './queries.ts';

const DECLINED = '4000000000000002';
// Ends a hang only: the panels fill after a number of scrapes, however long these take.
const HANG_LIMIT_MS = 300_000;

/** Queries without data in a healthy shop, with the reason. */
const EMPTY_WHEN_WELL: Readonly<Record<string, string>> = {
  'overview: Firing alerts A': 'no alert fires',
  'checkout: Refunded amounts A': 'every charged order was shipped',
  'runtime: Failed commands A': 'no Redis command failed',
};

const targetsResponse = z.object({
  activeTargets: z.array(z.object({ health: z.string(), lastError: z.string(), scrapeUrl: z.string() })),
});
const rulesResponse = z.object({
  groups: z.array(
    z.object({
      rules: z.array(z.object({ name: z.string(), health: z.string(), lastError: z.string().optional() })),
    }),
  ),
});
const exemplarsResponse = z.array(
  z.object({ exemplars: z.array(z.object({ labels: z.object({ trace_id: z.string() }), value: z.string() })) }),
);

let redis: TestRedis;
let postgres: TestPostgres;
let receiver: SpanReceiver;
let shop: LaunchedShop;
let prometheus: TestPrometheus;
/** Panels that should have data but have none yet. */
let empty: readonly string[];

function metricsUrls(): string[] {
  return serviceNames.flatMap((name) => shop.metricsUrls(name));
}

function hostOf(url: string): string {
  return new URL(url).host;
}

function ruleFiles(): string[] {
  return Object.keys(allRules()).map((name) => projectPath(GENERATED_INTO, 'rules', `${name}.yaml`));
}

async function declinedOrder(): Promise<void> {
  const shopper = webShopper(shop.url());
  await shopper.post('/cart', { product_id: MUG, quantity: '1' });
  const { status } = await shopper.post('/cart/checkout', checkoutForm({ credit_card_number: DECLINED }));
  expect(status).toBe(422);
}

/** A query as Grafana sends it, once per service if it has the service variable. */
function asSent({ expr }: Query): string[] {
  const overTime = expr.replaceAll('$__rate_interval', '15s');
  return overTime.includes('$service') ? serviceNames.map((name) => overTime.replaceAll('$service', name)) : [overTime];
}

async function hasData(query: Query): Promise<boolean> {
  const responses = await Promise.all(asSent(query).map(prometheus.values));
  return responses.flat().some(Number.isFinite);
}

async function withoutData(queries: readonly Query[]): Promise<string[]> {
  const found = await Promise.all(queries.map(async (query) => ({ query, shows: await hasData(query) })));
  return found.filter(({ shows }) => !shows).map(({ query }) => query.where);
}

describe('a Prometheus that scrapes a shop', () => {
  beforeAll(async () => {
    [redis, postgres, receiver] = await Promise.all([startRedis(), startPostgres(), startReceiver('otlp')]);
    const stores = { REDIS_ADDR: redis.address, DATABASE_URL: await postgres.createEach(databaseServices) };
    shop = await launchOpen({ PER_SERVICE: '1', ...stores, ...receiver.variables });
    prometheus = await startPrometheusFor({ targets: metricsUrls().map(hostOf), ruleFiles: ruleFiles() });
    await declinedOrder();
    // A rate needs a counter that grows between two scrapes, so traffic goes on until every panel has data.
    await eventually(
      'every panel has data',
      async () => {
        await shopAround(webShopper(shop.url()));
        await declinedOrder();
        empty = (await withoutData(panelQueries())).filter((where) => !(where in EMPTY_WHEN_WELL));
        return empty.length === 0;
      },
      HANG_LIMIT_MS,
    ).catch((error: unknown) => {
      throw new Error(`these panels have no data: ${empty.join(', ')}`, { cause: error });
    });
  }, 2 * HANG_LIMIT_MS);

  afterAll(async () => {
    await prometheus?.[Symbol.asyncDispose]();
    await shop?.[Symbol.asyncDispose]();
    await receiver?.[Symbol.asyncDispose]();
    await postgres?.[Symbol.asyncDispose]();
    await redis?.[Symbol.asyncDispose]();
  }, HANG_LIMIT_MS);

  it('scrapes every service without an error', async () => {
    const { activeTargets } = targetsResponse.parse(await prometheus.ask('targets', { state: 'active' }));
    expect(activeTargets.map(({ scrapeUrl }) => scrapeUrl).sort()).toEqual(metricsUrls().sort());
    expect(activeTargets.length).toBe(serviceNames.length - 1);
    for (const target of activeTargets) expect(target).toMatchObject({ health: 'up', lastError: '' });
  });

  it('evaluates every rule without an error', async () => {
    const { groups } = rulesResponse.parse(await prometheus.ask('rules'));
    const known = groups.flatMap((group) => group.rules);
    expect(known.filter(({ health, lastError }) => health !== 'ok' || lastError !== undefined)).toEqual([]);
    const names = rules().map((rule) => ('alert' in rule ? rule.alert : rule.record));
    expect(known.map(({ name }) => name).sort()).toEqual(names.sort());
  });

  it('has data for every panel except those that only failures fill', () => {
    expect(empty).toEqual([]);
    const panels = panelQueries().map(({ where }) => where);
    expect(Object.keys(EMPTY_WHEN_WELL).filter((where) => !panels.includes(where))).toEqual([]);
  });

  it('computes request rates, bad request ratios and error budgets of both objectives', async () => {
    for (const slo of ['checkout', 'pages']) {
      const [requests = 0] = await prometheus.values(`slo:http_requests:rate5m{slo="${slo}"}`);
      expect(requests).toBeGreaterThan(0);
      const [badRatio = Number.NaN] = await prometheus.values(`slo:http_requests_bad:ratio_rate5m{slo="${slo}"}`);
      // How many requests are slow depends on the machine, so the ratio itself decides nothing.
      expect(badRatio).toBeGreaterThanOrEqual(0);
      expect(badRatio).toBeLessThanOrEqual(1);
      const [budgetLeft = Number.NaN] = await prometheus.values(`slo:error_budget_left:ratio_rate30d{slo="${slo}"}`);
      expect(budgetLeft).toBeLessThanOrEqual(1);
    }
  });

  it('has exemplars that name exported traces for every chart of durations', async () => {
    const ofDurations = panelQueries().filter(({ expr }) => expr.includes('_bucket'));
    expect(ofDurations.length).toBeGreaterThan(8);
    const sent = new Set(receiver.spans().map(({ traceId }) => traceId));
    const now = Date.now() / 1000;
    for (const query of ofDurations) {
      const range = { start: String(now - 120), end: String(now + 1) };
      const responses = await Promise.all(
        asSent(query).map((expr) => prometheus.ask('query_exemplars', { query: expr, ...range })),
      );
      const ids = responses.flatMap((found) =>
        exemplarsResponse.parse(found).flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.trace_id)),
      );
      expect({ where: query.where, leads: ids.some((id) => sent.has(id)) }).toEqual({
        where: query.where,
        leads: true,
      });
    }
  });

  it('scrapes every metric that a panel, a rule or a runbook queries', async () => {
    const texts = await Promise.all(metricsUrls().map(async (url) => await (await fetch(url)).text()));
    const offered = new Set(
      texts.flatMap((text) =>
        [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
          type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
        ),
      ),
    );
    const made = rules().flatMap((rule) => ('record' in rule ? [rule.record] : []));
    const known = new Set([...offered, ...made, 'ALERTS', 'up']);
    const asked = [...panelQueries(), ...ruleQueries(), ...runbookQueries()].flatMap(({ expr }) =>
      namesIn(expr).selectors.map(({ metric }) => metric),
    );
    expect([...new Set(asked)].filter((name) => !known.has(name))).toEqual([]);
  });

  it('accepts every query of the runbooks', async () => {
    for (const { expr } of runbookQueries()) await expect(prometheus.values(expr)).resolves.toBeDefined();
  });
});
