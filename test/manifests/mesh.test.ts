import { CHECKOUT_BUDGET_MS, PAGE_BUDGET_MS } from '../../src/frontend/routes.ts';
import { backingServers, peersOf, type ServiceName, serviceNames, topology } from '../../src/topology.ts';
import { baseObjects } from './base.ts';
import { callersOf, longestBudgetMs } from './call-budgets.ts';
import { workloadsOf } from './kubernetes-objects.ts';
import { kustomizationIn, resourcesIn } from './kustomization.ts';
import {
  type AuthorizationPolicy,
  type DestinationRule,
  type HttpRoute,
  MESH,
  meshFiles,
  meshObjects,
  milliseconds,
  type Operation,
  ofKind,
  type Sidecar,
  unknownRetryWords,
  type VirtualService,
} from './mesh.ts';
import { COMPONENT } from './observability.ts';

const NAMESPACE = 'mercato';
/** The gateway's own accounts: that of `istioctl install`, and that which Istio makes for one of Gateway API. */
const GATEWAYS = [
  'cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account',
  'cluster.local/ns/mercato/sa/storefront-istio',
];

const objects = meshObjects();
const services = ofKind<VirtualService>('VirtualService', objects);
const rules = ofKind<DestinationRule>('DestinationRule', objects);
const policies = ofKind<AuthorizationPolicy>('AuthorizationPolicy', objects);
const sidecars = ofKind<Sidecar>('Sidecar', objects);

const grpcServices = serviceNames.filter((name) => topology[name].protocol === 'grpc');
const rpcs = grpcServices.flatMap((service) =>
  Object.entries(topology[service].rpcs).map(([rpc, kind]) => ({ service, rpc, kind })),
);

function pathOf(service: ServiceName, rpc: string): string {
  return `/${topology[service].grpcService}/${rpc}`;
}

function routesOf(name: string): readonly HttpRoute[] {
  return services.find(({ metadata }) => metadata.name === name)?.spec.http ?? [];
}

function routesTo(service: ServiceName, rpc: string): HttpRoute[] {
  return routesOf(service).filter(({ match }) => match?.some(({ uri }) => uri?.exact === pathOf(service, rpc)));
}

function principal(account: string): string {
  return `cluster.local/ns/${NAMESPACE}/sa/${account}`;
}

function fullName(host: string): string {
  return `./${host}.${NAMESPACE}.svc.cluster.local`;
}

describe('the mesh is told', () => {
  it('by files that are all applied', () => {
    expect(
      kustomizationIn(MESH)
        .resources.map((path) => `${MESH}/${path}`)
        .sort(),
    ).toEqual(meshFiles().sort());
  });

  it.each(rpcs)('one way to $service $rpc, to where it is', ({ service, rpc }) => {
    const ways = routesTo(service, rpc);
    const number = topology[service].servicePort;
    expect(ways.map(({ route }) => route)).toEqual([[{ destination: { host: service, port: { number } } }]]);
  });

  it('of no RPC that there is not, and of no service twice', () => {
    const named = services
      .flatMap(({ spec }) => spec.http)
      .flatMap(({ match = [] }) => match.map(({ uri }) => uri?.exact ?? ''));
    const known = rpcs.map(({ service, rpc }) => pathOf(service, rpc));
    expect(named.filter((path) => path.startsWith('/hipstershop.')).sort()).toEqual(known.sort());
    expect(services.flatMap(({ spec }) => spec.hosts).sort()).toEqual(['*', 'frontend', ...grpcServices].sort());
    const called = ['frontend', ...grpcServices, ...Object.keys(backingServers)];
    expect(rules.map(({ spec }) => spec.host).sort()).toEqual(called.sort());
  });
});

describe('what is repeated', () => {
  it.each(rpcs.filter(({ kind }) => kind === 'write'))('is not $service $rpc, a write', ({ service, rpc }) => {
    expect(routesTo(service, rpc).map(({ retries }) => retries)).toEqual([{ attempts: 0 }]);
  });

  it.each(rpcs.filter(({ kind }) => kind === 'read'))(
    'is $service $rpc, a read, within its time',
    ({ service, rpc }) => {
      const [route] = routesTo(service, rpc);
      if (route === undefined) throw new Error('there is no way to it');
      const { timeout, retries } = route;
      expect(retries.attempts).toBeGreaterThan(0);
      expect(milliseconds(retries.perTryTimeout ?? '') * (retries.attempts + 1)).toBeLessThanOrEqual(
        milliseconds(timeout),
      );
      expect(retries.retryOn?.split(',')).toContain('unavailable');
    },
  );

  it('is not a form of the storefront, and a page only where it never arrived', () => {
    for (const { match, retries } of ['frontend', 'storefront'].flatMap(routesOf)) {
      const isPage = match === undefined;
      expect(retries).toEqual(
        isPage ? { attempts: 1, perTryTimeout: '4s', retryOn: 'connect-failure,refused-stream' } : { attempts: 0 },
      );
    }
  });

  it('is so on words that Envoy knows, without spaces', () => {
    expect(services.filter(({ spec }) => spec.http.some(({ retries }) => retries.retryOn !== undefined))).not.toEqual(
      [],
    );
    expect(unknownRetryWords(objects)).toEqual([]);
  });
});

describe('the time of a call', () => {
  it.each(rpcs)('to $service $rpc fits under its caller, and cuts no write short', ({ service, rpc, kind }) => {
    const budgetMs = longestBudgetMs(service, rpc);
    const [timeoutMs = Number.NaN] = routesTo(service, rpc).map(({ timeout }) => milliseconds(timeout));
    if (budgetMs === undefined) expect(timeoutMs).toBeLessThanOrEqual(PAGE_BUDGET_MS);
    else if (kind === 'write') expect(timeoutMs).toBe(budgetMs);
    else expect(timeoutMs).toBeLessThanOrEqual(budgetMs);
  });

  it.each(['frontend', 'storefront'])('to a page is a second more than the page gives itself: %s', (name) => {
    const times = Object.fromEntries(routesOf(name).map((route) => [route.name, milliseconds(route.timeout)]));
    expect(times).toEqual({
      checkout: CHECKOUT_BUDGET_MS + 1000,
      forms: PAGE_BUDGET_MS + 1000,
      pages: PAGE_BUDGET_MS + 1000,
    });
  });
});

describe('who may call', () => {
  const policyOf = (name: string) => policies.find(({ metadata }) => metadata.name === name);

  it('is nobody, but for who is named', () => {
    expect(policyOf('deny-all')?.spec).toEqual({});
    const opened = policies.map(({ metadata }) => metadata.name).filter((name) => name !== 'deny-all');
    expect(opened.sort()).toEqual(['metrics', 'frontend', ...grpcServices, ...Object.keys(backingServers)].sort());
  });

  it.each(grpcServices)('%s, is who does in the topology, each RPC of it', (service) => {
    const spec = policyOf(service)?.spec;
    expect(spec?.selector?.matchLabels).toEqual({ app: service });
    const allowed = (spec?.rules ?? []).flatMap(({ from = [], to = [] }) =>
      from.flatMap(({ source }) =>
        source.principals.flatMap((who) =>
          to.flatMap(({ operation }) => callsOf(operation).map((call) => `${who} ${call}`)),
        ),
      ),
    );
    const expected = Object.keys(topology[service].rpcs).flatMap((rpc) =>
      callersOf(service, rpc).map((caller) => `${principal(caller)} POST ${pathOf(service, rpc)}`),
    );
    expect(expected).not.toEqual([]);
    expect(allowed.sort()).toEqual(expected.sort());
  });

  it('the storefront, is who visits it, and the way in', () => {
    const visitors = serviceNames.filter((name) => topology[name].visits.includes('frontend')).map(principal);
    expect(policyOf('frontend')?.spec.rules).toEqual([
      {
        from: [{ source: { principals: [...visitors, ...GATEWAYS] } }],
        to: [{ operation: { ports: [String(topology.frontend.port)] } }],
      },
    ]);
  });

  it.each(Object.entries(backingServers))('%s, is the service that keeps something there', (name, { user, ports }) => {
    expect(policyOf(name)?.spec).toEqual({
      selector: { matchLabels: { app: name } },
      action: 'ALLOW',
      rules: [
        {
          from: [{ source: { principals: [principal(user)] } }],
          to: [{ operation: { ports: [String(Object.values(ports)[0])] } }],
        },
      ],
    });
  });

  it('has an account, and is asked for by labels that pods have', () => {
    const workloads = workloadsOf(baseObjects());
    const accounts = workloads.map(({ pod }) => principal(pod.serviceAccountName));
    const named = policies.flatMap(({ spec }) => spec.rules ?? []).flatMap(({ from = [] }) => from);
    const principals = named.flatMap(({ source }) => source.principals).filter((who) => !GATEWAYS.includes(who));
    expect(principals.filter((who) => !accounts.includes(who))).toEqual([]);
    for (const { metadata, spec } of policies.filter(({ spec }) => spec.selector !== undefined)) {
      const selected = workloads.filter(({ labels }) =>
        Object.entries(spec.selector?.matchLabels ?? {}).every(([label, value]) => labels[label] === value),
      );
      expect({ policy: metadata.name, selected: selected.length }).not.toEqual({ policy: metadata.name, selected: 0 });
    }
  });
});

describe('what a pod may reach', () => {
  const told = ['otel-collector', 'jaeger-collector'];

  it('is what is registered, whoever it is', () => {
    expect(sidecars.map(({ spec }) => spec.outboundTrafficPolicy.mode)).toEqual(sidecars.map(() => 'REGISTRY_ONLY'));
    expect(sidecars.map(({ metadata }) => metadata.name).sort()).toEqual(['default', ...serviceNames].sort());
  });

  it.each(['default', ...serviceNames])('%s, is what it calls in the topology, and where its spans go', (name) => {
    const spec = sidecars.find(({ metadata }) => metadata.name === name)?.spec;
    const isService = (text: string): text is ServiceName => (serviceNames as readonly string[]).includes(text);
    const kept = Object.keys(backingServers).filter((backing) => backingServers[backing]?.user === name);
    const peers = isService(name) ? [...peersOf(name), ...topology[name].visits] : [];
    expect(spec?.workloadSelector?.labels).toEqual(isService(name) ? { app: name } : undefined);
    expect([...(spec?.egress[0]?.hosts ?? [])].sort()).toEqual([...peers, ...kept, ...told].map(fullName).sort());
  });

  it('exists', () => {
    const deployed = [...baseObjects(), ...resourcesIn(COMPONENT)].filter(({ kind }) => kind === 'Service');
    const names = deployed.map(({ metadata }) => fullName(metadata.name));
    const reached = sidecars.flatMap(({ spec }) => spec.egress.flatMap(({ hosts }) => hosts));
    expect(reached.filter((host) => !names.includes(host))).toEqual([]);
  });
});

describe('a pod that fails', () => {
  it.each(rules.filter(({ spec }) => !(spec.host in backingServers)))(
    'is left out, at most every other one: $spec.host',
    ({ spec }) => {
      expect(spec.trafficPolicy).toMatchObject({
        loadBalancer: { simple: 'LEAST_REQUEST' },
        // What a service says to a call that it does not take (UNIMPLEMENTED) counts as a 501: a broken caller must not end it.
        outlierDetection: { consecutive5xxErrors: 0, maxEjectionPercent: 50 },
      });
    },
  );
});

function callsOf({ methods = [], paths = [] }: Operation): string[] {
  return methods.flatMap((method) => paths.map((path) => `${method} ${path}`));
}
