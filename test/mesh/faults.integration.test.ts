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
  // Longer than the budget of any page: a page that waited for the upstream would have status 503.
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
    // The test shop checks the health of every service once, which no VirtualService routes.
    const routes = [...routesTo(rules), passOn(service)];
    const envoy = await startEnvoy({
      listeners: [listener({ name: service, routes, filters: [filter] })],
      clusters: [clusterOf(rules, [address])],
    });
    return { address: envoy.address(service), [Symbol.asyncDispose]: envoy[Symbol.asyncDispose] };
  };

const PARTS: Partial<Record<ServiceName, string>> = { adservice: 'ads', recommendationservice: 'recommendations' };

describe('a page with ads and recommendations behind proxies', () => {
  it.each([
    ['none', []],
    ['aborted', ['ads', 'recommendations']],
    ['delayed', ['ads', 'recommendations']],
  ] as const)(
    'is served within its budget when the fault of their calls is %s, without the parts %j',
    async (fault, missing) => {
      await using shop = await startShopBehind({ env: { GRPC_RETRIES: 'off' } }, (service) =>
        service in PARTS ? proxyWith(fault) : undefined,
      );
      const { status, body } = await webShopper(shop.url).get(`/product/${MUG}`);
      expect(status).toBe(200);
      expect(body).toContain('<h1>Mug</h1>');
      const leftOut = shop.logs.lines().filter(({ msg }) => msg === 'page part unavailable');
      expect(leftOut.map(({ part }) => String(part)).sort()).toEqual(missing);
      expect(/You may also like/.test(body)).toBe(missing.length === 0);
      expect(shop.logs.errors()).toEqual([]);
    },
  );
});
