import { BUDGETS } from '../../src/frontend/budgets.ts';
import { type ServiceName, topology } from '../../src/topology.ts';
import { type MakeProxy, startShopBehind } from '../integration/shop-behind.ts';
import { MUG, webShopper } from '../integration/web-shopper.ts';
import { startEnvoy } from './envoy.ts';
import { clusterOf, type EnvoyPart, extension, listener, passOn, routesTo } from './envoy-config.ts';
import { meshRulesOf } from './mesh-rules.ts';

const ALWAYS = { numerator: 100, denominator: 'HUNDRED' };
const FAULTS = {
  none: {},
  aborted: { abort: { grpc_status: 14, percentage: ALWAYS } },
  // Longer than any page has.
  delayed: { delay: { fixed_delay: '20s', percentage: ALWAYS } },
} satisfies Record<string, EnvoyPart>;

const proxyWith =
  (fault: keyof typeof FAULTS): MakeProxy =>
  async (service, address) => {
    const rules = meshRulesOf(service);
    const filter = extension('envoy.filters.http.fault', 'filters.http.fault.v3.HTTPFault', {
      ...FAULTS[fault],
      headers: [{ name: ':path', string_match: { prefix: `/${topology[service].grpcService}/` } }],
    });
    // The shop of a test asks everybody once whether they are ready.
    const routes = [...routesTo(rules), passOn(service)];
    const envoy = await startEnvoy({
      listeners: [listener({ name: service, routes, filters: [filter] })],
      clusters: [clusterOf(rules, [address])],
    });
    return { address: envoy.address(service), [Symbol.asyncDispose]: envoy[Symbol.asyncDispose] };
  };

const PARTS: Partial<Record<ServiceName, string>> = { adservice: 'ads', recommendationservice: 'recommendations' };

describe('a page whose ads and recommendations come through the mesh', () => {
  it.each([
    ['none', []],
    ['aborted', ['ads', 'recommendations']],
    ['delayed', ['ads', 'recommendations']],
  ] as const)('with calls %s is there in time, without the parts %j', async (fault, missing) => {
    await using shop = await startShopBehind({ env: { GRPC_RETRIES: 'off' } }, (service) =>
      service in PARTS ? proxyWith(fault) : undefined,
    );
    const startedAt = performance.now();
    const { status, body } = await webShopper(shop.url).get(`/product/${MUG}`);
    expect(performance.now() - startedAt).toBeLessThan(BUDGETS.pageMs);
    expect(status).toBe(200);
    expect(body).toContain('<h1>Mug</h1>');
    const leftOut = shop.logs.lines().filter(({ msg }) => msg === 'page part left out');
    expect(leftOut.map(({ part }) => String(part)).sort()).toEqual(missing);
    expect(/You may also like/.test(body)).toBe(missing.length === 0);
    expect(shop.logs.errors()).toEqual([]);
  });
});
