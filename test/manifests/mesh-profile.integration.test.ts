import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { serviceNames, upstreamsOf } from '../../src/topology.ts';
import { type KubernetesObject, workloadsOf } from './kubernetes-objects.ts';
import { rendered, renderedWith } from './kustomize.ts';
import { type AuthorizationPolicy, MESH, ofKind, type VirtualService } from './mesh.ts';

/** Labels that Istio itself gives the pod of the Gateway `storefront`. */
const MADE_BY_ISTIO = { 'gateway.networking.k8s.io/gateway-name': 'storefront' };

const PROFILE = 'kubernetes-manifests/profiles/istio';

type Service = KubernetesObject & { readonly spec: { readonly type?: string } };
type Gateway = KubernetesObject & {
  readonly spec: { readonly infrastructure?: { readonly labels?: Readonly<Record<string, string>> } };
};
type HttpRoute = KubernetesObject & {
  readonly spec: {
    readonly rules: readonly {
      readonly matches?: readonly { readonly path: { readonly value: string } }[];
      readonly backendRefs: readonly { readonly name: string; readonly port: number }[];
      readonly timeouts: { readonly request: string };
    }[];
  };
};

describe('the shop in the mesh', () => {
  const objects = rendered(projectPath(PROFILE));

  it('sets GRPC_RETRIES=off in every service that calls others, so that only the proxies retry', () => {
    const withoutRetries = workloadsOf(objects)
      .filter(({ pod }) =>
        pod.containers[0]?.env?.some(({ name, value }) => name === 'GRPC_RETRIES' && value === 'off'),
      )
      .map(({ name }) => name);
    expect(withoutRetries.sort()).toEqual(serviceNames.filter((name) => upstreamsOf(name).length > 0).sort());
  });

  it('exposes no Service outside the mesh', () => {
    const types = ofKind<Service>('Service', objects).map(({ metadata, spec }) => [metadata.name, spec.type]);
    expect(types.filter(([, type]) => !['ClusterIP', undefined].includes(type))).toEqual([]);
  });

  it('injects sidecars into the shop and not into the observability servers', () => {
    const labels = workloadsOf(objects).map(({ name, labels: { 'sidecar.istio.io/inject': inject }, object }) => ({
      name,
      looksOn: object.metadata.labels?.['app.kubernetes.io/part-of'] === 'mercato-observability',
      inject,
    }));
    expect(labels.filter(({ looksOn }) => looksOn)).not.toEqual([]);
    expect(labels.filter(({ looksOn, inject }) => looksOn !== (inject === 'false'))).toEqual([]);
  });
});

describe('the ingress by Gateway API', () => {
  const objects = renderedWith(MESH, [`${MESH}/gateway-api`]);
  const base = rendered(projectPath(MESH));

  it('is selected by no AuthorizationPolicy: Istio attaches policies to such a gateway by targetRefs', () => {
    const [gateway] = ofKind<Gateway>('Gateway', objects);
    const labels = gateway?.spec.infrastructure?.labels ?? gateway?.metadata.labels ?? {};
    const policies = ofKind<AuthorizationPolicy>('AuthorizationPolicy', objects);
    const selecting = policies.filter(
      ({ spec: { selector } }) =>
        selector !== undefined &&
        Object.entries(selector.matchLabels).every(
          ([label, value]) => ({ ...labels, ...MADE_BY_ISTIO })[label] === value,
        ),
    );
    expect(selecting.map(({ metadata }) => metadata.name)).toEqual([]);
    const attached = policies.filter(({ spec: { targetRefs = [] } }) =>
      targetRefs.some(({ kind, name }) => kind === 'Gateway' && name === gateway?.metadata.name),
    );
    expect(attached.map(({ metadata }) => metadata.name)).toEqual(['storefront']);
  });

  it('replaces the other ingress and changes nothing else', () => {
    const name = ({ kind, metadata }: KubernetesObject): string => `${kind} ${metadata.name}`;
    const removed = base.map(name).filter((before) => !objects.map(name).includes(before));
    const added = objects.filter((object) => !base.map(name).includes(name(object)));
    expect(removed.sort()).toEqual(['VirtualService storefront']);
    expect(added.map(name).sort()).toEqual([
      'AuthorizationPolicy storefront',
      'ConfigMap storefront-gateway',
      'HTTPRoute storefront',
    ]);
    const gateways = objects.filter(({ kind }) => kind === 'Gateway');
    expect(gateways.map(({ apiVersion }) => apiVersion)).toEqual(['gateway.networking.k8s.io/v1']);
  });

  it('routes to the storefront with the same timeouts', () => {
    const [route] = ofKind<HttpRoute>('HTTPRoute', objects);
    const [virtualService] = ofKind<VirtualService>('VirtualService', base).filter(
      ({ metadata }) => metadata.name === 'storefront',
    );
    const ways = route?.spec.rules.map(({ matches, backendRefs, timeouts }) => ({
      path: matches?.[0]?.path.value,
      to: backendRefs,
      timeout: timeouts.request,
    }));
    const times = new Map(virtualService?.spec.http.map(({ name, timeout }) => [name, timeout]));
    expect(ways).toEqual([
      { path: '/cart/checkout', to: [{ name: 'frontend', port: 80 }], timeout: times.get('checkout') },
      { path: undefined, to: [{ name: 'frontend', port: 80 }], timeout: times.get('pages') },
    ]);
  });
});
