import { backingServers, serviceNames, topology, upstreamsOf } from '../../src/topology.ts';
import { baseObjects } from './base.ts';
import { type Workload, workloadsOf } from './kubernetes-objects.ts';
import { kustomizationIn, resourcesIn } from './kustomization.ts';
import { allows, type End, type NetworkPolicy, OUTSIDE, type Pod, policiesOf } from './network-policy.ts';
import { COMPONENT, LOG_AGENT } from './observability.ts';

const FOLDER = 'kubernetes-manifests/components/network-policies';
const NAMESPACE = 'mercato';

/** The connections among the observability servers: client, server, port name of the server. */
const OBSERVING: readonly (readonly [string, string, string])[] = [
  ['otel-collector', 'jaeger', 'otlp-grpc'],
  ['grafana', 'prometheus', 'http'],
  ['grafana', 'loki', 'http'],
  ['grafana', 'jaeger', 'ui'],
  ['otel-logs', 'loki', 'http'],
  ['prometheus', 'otel-collector', 'metrics'],
  ['prometheus', 'jaeger', 'metrics'],
  ['prometheus', 'prometheus', 'http'],
  ['prometheus', 'loki', 'http'],
  ['prometheus', 'grafana', 'http'],
];

/** Where every service may send spans: server, port name. */
const SPANS: readonly (readonly [string, string])[] = [
  ['otel-collector', 'otlp-grpc'],
  ['otel-collector', 'otlp-http'],
  ['jaeger', 'otlp-grpc'],
  ['jaeger', 'thrift-http'],
];

type Listener = { readonly port: number };

const all = policiesOf(resourcesIn(FOLDER));
const policies = { namespace: NAMESPACE, all };
const logAgent = kustomizationIn(LOG_AGENT).namespace ?? '';
const workloads = [
  ...workloadsOf([...baseObjects(), ...resourcesIn(COMPONENT)]).map((workload) => ({ workload, namespace: NAMESPACE })),
  ...workloadsOf(resourcesIn(LOG_AGENT)).map((workload) => ({ workload, namespace: logAgent })),
];
const pods = new Map<string, Pod>(
  workloads.map(({ workload: { name, labels }, namespace }) => [name, { namespace, labels }]),
);

function portsOf({ pod }: Workload) {
  return pod.containers.flatMap((container) => container.ports ?? []);
}

function edge(from: string, to: string, port: string): string {
  return `${from} -> ${to} ${port}`;
}

/** The connections of the topology, to the backing servers, and of the observability servers. */
function expectedEdges(): string[] {
  const calls = serviceNames.flatMap((name) => upstreamsOf(name).map((upstream) => edge(name, upstream, 'grpc')));
  const visits = serviceNames.flatMap((name) => topology[name].visits.map((visited) => edge(name, visited, 'http')));
  const storeEdges = Object.entries(backingServers).flatMap(([name, { users, ports }]) =>
    users.map((user) => edge(user, name, Object.keys(ports)[0] ?? '')),
  );
  const spanEdges = serviceNames.flatMap((name) => SPANS.map(([to, port]) => edge(name, to, port)));
  const scrapeEdges = serviceNames.map((name) => edge('prometheus', name, 'metrics'));
  const outsiders = [...pods.keys(), OUTSIDE].filter((name) => pods.get(name)?.namespace !== NAMESPACE);
  const ingressEdges = outsiders.map((name) => edge(name, 'frontend', 'http'));
  const observingEdges = OBSERVING.map(([from, to, port]) => edge(from, to, port));
  return [...calls, ...visits, ...storeEdges, ...spanEdges, ...scrapeEdges, ...ingressEdges, ...observingEdges].sort();
}

/** Every connection that the policies allow, from any pod or from outside, to a pod of the namespace. */
function allowedEdges(found: readonly NetworkPolicy[]): string[] {
  const callers: [string, End][] = [...pods, [OUTSIDE, OUTSIDE]];
  const inside = workloads.filter(({ namespace }) => namespace === NAMESPACE);
  return callers
    .flatMap(([from, end]) =>
      inside.flatMap(({ workload, namespace }) =>
        portsOf(workload)
          .filter(({ containerPort: port }) =>
            allows(
              { namespace: NAMESPACE, all: found },
              { from: end, to: { namespace, labels: workload.labels }, port },
            ),
          )
          .map(({ name }) => edge(from, workload.name, name)),
      ),
    )
    .sort();
}

/** The policies with the rules of one direction only. */
function oneEnded(type: 'Ingress' | 'Egress'): NetworkPolicy[] {
  return all
    .filter(({ spec }) => spec.policyTypes.includes(type))
    .map((policy) => ({ ...policy, spec: { ...policy.spec, policyTypes: [type] } }));
}

describe('the network policies', () => {
  it('allow the connections of the topology and of the observability servers, and no other', () => {
    expect(allowedEdges(all)).toEqual(expectedEdges());
  });

  // A rule that is too wide at one end is invisible as long as the other end forbids the connection.
  it.each(['Ingress', 'Egress'] as const)('allow exactly those connections by their %s rules alone', (type) => {
    const isInside = (found: string): boolean => pods.get(found.split(' ')[0] ?? '')?.namespace === NAMESPACE;
    const toStorefront = [...pods.keys()].map((name) => edge(name, 'frontend', 'http')).filter(isInside);
    const expected = expectedEdges().filter(isInside);
    const ingressEdges = type === 'Ingress' ? toStorefront : [];
    expect(allowedEdges(oneEnded(type)).filter(isInside)).toEqual([...new Set([...expected, ...ingressEdges])].sort());
  });

  it('select only ports that a container listens on', () => {
    const known = new Set(workloads.flatMap(({ workload }) => portsOf(workload)).map((port) => port.containerPort));
    const elsewhere = {
      dns: 53,
      gateway: 80,
      'API server': [443, 6443, 8443],
      istiod: 15_012,
      Knative: [8081, 8012, 8013, 9090],
    };
    for (const port of Object.values(elsewhere).flat()) known.add(port);
    const rules = all.flatMap(({ spec }) => [...(spec.ingress ?? []), ...(spec.egress ?? [])]);
    const named = rules.flatMap(({ ports = [] }) => ports.map(({ port }) => port));
    expect(named.filter((port) => !known.has(port))).toEqual([]);
    expect(rules.filter(({ ports }) => ports === undefined)).toEqual([]);
  });

  it('set no namespace', () => {
    expect(resourcesIn(FOLDER).filter(({ metadata }) => metadata.namespace !== undefined)).toEqual([]);
  });
});

describe('a pod without labels of the shop', () => {
  const stranger: Pod = { namespace: NAMESPACE, labels: { app: 'stranger' } };
  const frontend = pods.get('frontend') as Pod;

  it('can neither connect to a pod of the namespace nor be connected to', () => {
    const others = workloads.flatMap(({ workload, namespace }) =>
      portsOf(workload).map(({ containerPort: port }) => ({ other: { namespace, labels: workload.labels }, port })),
    );
    for (const { other, port } of others) {
      expect(allows(policies, { from: stranger, to: other, port })).toBe(false);
      expect(allows(policies, { from: other, to: stranger, port })).toBe(false);
    }
  });

  it('can connect from another namespace to the storefront only', () => {
    const elsewhere: Pod = { namespace: 'other', labels: { 'app.kubernetes.io/name': 'frontend' } };
    expect(allows(policies, { from: elsewhere, to: frontend, port: 8080 })).toBe(true);
    expect(allows(policies, { from: elsewhere, to: frontend, port: 9464 })).toBe(false);
    expect(allows(policies, { from: elsewhere, to: pods.get('cartservice') as Pod, port: 7070 })).toBe(false);
  });
});

describe('every pod', () => {
  const dns: Pod = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
  const istiod: Pod = { namespace: 'istio-system', labels: { app: 'istiod' } };
  const inside = [...pods].filter(([, { namespace }]) => namespace === NAMESPACE);

  it.each(inside)('can resolve names and connect to nothing outside the cluster: %s', (name, pod) => {
    for (const protocol of ['UDP', 'TCP']) {
      expect(allows(policies, { from: pod, to: dns, port: 53, protocol })).toBe(true);
    }
    expect(allows(policies, { from: pod, to: dns, port: 9153 })).toBe(false);
    // Prometheus discovers its targets through the API of Kubernetes.
    const outside = [80, 443, 6443, 8080, 8443].filter((port) => allows(policies, { from: pod, to: OUTSIDE, port }));
    expect(outside).toEqual(name === 'prometheus' ? [443, 6443, 8443] : []);
  });

  it.each(inside)('can connect to istiod, for the configuration of its sidecar: %s', (_name, pod) => {
    expect(allows(policies, { from: pod, to: istiod, port: 15_012 })).toBe(true);
  });
});

describe('the pod of a gateway of Gateway API', () => {
  const [gateway] = resourcesIn('istio-manifests/gateway-api').filter(({ kind }) => kind === 'Gateway') as unknown as [
    { metadata: { name: string }; spec: { infrastructure: { labels: Record<string, string> }; listeners: Listener[] } },
  ];
  const { labels } = gateway.spec.infrastructure;
  const pod: Pod = {
    namespace: NAMESPACE,
    labels: { ...labels, 'gateway.networking.k8s.io/gateway-name': gateway.metadata.name },
  };
  const inside = workloads.filter(({ namespace }) => namespace === NAMESPACE);

  it('is reachable from everywhere at the port of its listener', () => {
    for (const { port } of gateway.spec.listeners)
      expect(allows(policies, { from: OUTSIDE, to: pod, port })).toBe(true);
    expect(allows(policies, { from: OUTSIDE, to: pod, port: 15_000 })).toBe(false);
  });

  it('can connect to the storefront and to Jaeger, and to no other pod', () => {
    const reached = inside.flatMap(({ workload }) =>
      portsOf(workload)
        .filter(({ containerPort: port }) =>
          allows(policies, { from: pod, to: { namespace: NAMESPACE, labels: workload.labels }, port }),
        )
        .map(({ name }) => `${workload.name} ${name}`),
    );
    expect(reached.sort()).toEqual(['frontend http', 'jaeger otlp-grpc']);
  });

  it('can connect to istiod, for its configuration', () => {
    const istiod: Pod = { namespace: 'istio-system', labels: { app: 'istiod' } };
    expect(allows(policies, { from: pod, to: istiod, port: 15_012 })).toBe(true);
  });
});

describe('a service on Knative', () => {
  const gateway: Pod = { namespace: 'kourier-system', labels: { app: '3scale-kourier-gateway' } };
  const activator: Pod = { namespace: 'knative-serving', labels: { app: 'activator' } };
  const pod: Pod = {
    namespace: NAMESPACE,
    labels: { 'serving.knative.dev/service': 'adservice', ...pods.get('adservice')?.labels },
  };

  it('is reachable through the gateway and the activator, and its callers can reach the gateway', () => {
    for (const from of [gateway, activator]) {
      for (const port of [8012, 8013, 9090]) expect(allows(policies, { from, to: pod, port })).toBe(true);
      expect(allows(policies, { from, to: pod, port: 9464 })).toBe(false);
    }
    const callers = [...pods].filter(([, from]) => allows(policies, { from, to: gateway, port: 8081 }));
    const inside = callers.filter(([, { namespace }]) => namespace === NAMESPACE).map(([name]) => name);
    expect(inside.sort()).toEqual(['checkoutservice', 'frontend', 'recommendationservice']);
  });
});
