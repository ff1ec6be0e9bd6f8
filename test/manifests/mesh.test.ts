import { rpcKinds } from '../../src/contract.ts';
import { BUDGETS } from '../../src/frontend/budgets.ts';
import { backingServers, grpcServiceNames, type ServiceName, topology } from '../../src/topology.ts';
import { longestBudgetMs } from '../../tools/generate/call-budgets.ts';
import { milliseconds } from '../../tools/generate/mesh-routes.ts';
import { baseObjects } from './base.ts';
import { workloadsOf } from './kubernetes-objects.ts';
import { kustomizationIn, resourcesIn } from './kustomization.ts';
import {
  type AuthorizationPolicy,
  type DestinationRule,
  type HttpRoute,
  MESH,
  meshFiles,
  meshObjects,
  ofKind,
  type Sidecar,
  unknownRetryWords,
  type VirtualService,
} from './mesh.ts';
import { COMPONENT } from './observability.ts';

const NAMESPACE = 'mercato';
/** ServiceAccounts of gateways: that of `istioctl install`, and that which Istio creates for Gateway API. */
const GATEWAYS = [
  'cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account',
  'cluster.local/ns/mercato/sa/storefront-istio',
];

const objects = meshObjects();
const services = ofKind<VirtualService>('VirtualService', objects);
const rules = ofKind<DestinationRule>('DestinationRule', objects);
const policies = ofKind<AuthorizationPolicy>('AuthorizationPolicy', objects);
const sidecars = ofKind<Sidecar>('Sidecar', objects);

const rpcs = grpcServiceNames.flatMap((service) =>
  Object.entries(rpcKinds(service)).map(([rpc, kind]) => ({ service, rpc, kind })),
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

describe('istio-manifests/kustomization.yaml', () => {
  it('applies every file of the folder', () => {
    const applied = kustomizationIn(MESH).resources.map((path) => `${MESH}/${path}`);
    expect(applied.sort()).toEqual(meshFiles().sort());
  });
});

describe('the routes of the mesh', () => {
  it.each(rpcs)('lead $service $rpc to its service by one route', ({ service, rpc }) => {
    const ways = routesTo(service, rpc);
    const number = topology[service].servicePort;
    expect(ways.map(({ route }) => route)).toEqual([[{ destination: { host: service, port: { number } } }]]);
  });

  it('name only RPCs that exist, in one VirtualService per service', () => {
    const named = services
      .flatMap(({ spec }) => spec.http)
      .flatMap(({ match = [] }) => match.map(({ uri }) => uri?.exact ?? ''));
    const known = rpcs.map(({ service, rpc }) => pathOf(service, rpc));
    expect(named.filter((path) => /^\/[\w.]+\.\w+Service\//.test(path)).sort()).toEqual(known.sort());
    expect(services.flatMap(({ spec }) => spec.hosts).sort()).toEqual(['*', 'frontend', ...grpcServiceNames].sort());
    const called = ['frontend', ...grpcServiceNames, ...Object.keys(backingServers)];
    expect(rules.map(({ spec }) => spec.host).sort()).toEqual(called.sort());
  });
});

describe('retries', () => {
  it.each(rpcs.filter(({ kind }) => kind === 'write'))('are off for the write $service $rpc', ({ service, rpc }) => {
    expect(routesTo(service, rpc).map(({ retries }) => retries)).toEqual([{ attempts: 0 }]);
  });

  it.each(rpcs.filter(({ kind }) => kind === 'read'))(
    'fit into the timeout of the read $service $rpc',
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

  it('are off for forms, and for pages cover only requests that did not arrive', () => {
    for (const { match, retries } of ['frontend', 'storefront'].flatMap(routesOf)) {
      const isPage = match === undefined;
      expect(retries).toEqual(
        isPage ? { attempts: 1, perTryTimeout: '4s', retryOn: 'connect-failure,refused-stream' } : { attempts: 0 },
      );
    }
  });

  it('use conditions that Envoy knows, without spaces', () => {
    expect(services.filter(({ spec }) => spec.http.some(({ retries }) => retries.retryOn !== undefined))).not.toEqual(
      [],
    );
    expect(unknownRetryWords(objects)).toEqual([]);
  });
});

describe('the timeout', () => {
  it.each(rpcs)(
    'of $service $rpc fits into the budget of its caller, and does not cut a write short',
    ({ service, rpc, kind }) => {
      const budgetMs = longestBudgetMs(service, rpc);
      const [timeoutMs = Number.NaN] = routesTo(service, rpc).map(({ timeout }) => milliseconds(timeout));
      if (budgetMs === undefined) expect(timeoutMs).toBeLessThanOrEqual(BUDGETS.pageMs);
      else if (kind === 'write') expect(timeoutMs).toBe(budgetMs);
      else expect(timeoutMs).toBeLessThanOrEqual(budgetMs);
    },
  );

  it.each(['frontend', 'storefront'])('of a page is one second more than its budget: %s', (name) => {
    const times = Object.fromEntries(routesOf(name).map((route) => [route.name, milliseconds(route.timeout)]));
    expect(times).toEqual({
      checkout: BUDGETS.checkoutMs + 1000,
      forms: BUDGETS.pageMs + 1000,
      pages: BUDGETS.pageMs + 1000,
    });
  });
});

describe('the authorization policies', () => {
  it('deny what no other policy allows', () => {
    expect(policies.find(({ metadata }) => metadata.name === 'deny-all')?.spec).toEqual({});
  });

  it('name service accounts that a workload has, and labels that pods have', () => {
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

describe('the Sidecars', () => {
  it('name only hosts that a Service has', () => {
    const deployed = [...baseObjects(), ...resourcesIn(COMPONENT)].filter(({ kind }) => kind === 'Service');
    const names = deployed.map(({ metadata }) => fullName(metadata.name));
    const reached = sidecars.flatMap(({ spec }) => spec.egress.flatMap(({ hosts }) => hosts));
    expect(reached.filter((host) => !names.includes(host))).toEqual([]);
  });
});

describe('outlier detection', () => {
  it.each(rules.filter(({ spec }) => !(spec.host in backingServers)))(
    'ejects at most half of the pods of $spec.host',
    ({ spec }) => {
      expect(spec.trafficPolicy).toMatchObject({
        loadBalancer: { simple: 'LEAST_REQUEST' },
        // UNIMPLEMENTED counts as status 501: a caller of an unknown RPC must not cause an ejection.
        outlierDetection: { consecutive5xxErrors: 0, maxEjectionPercent: 50 },
      });
    },
  );
});
