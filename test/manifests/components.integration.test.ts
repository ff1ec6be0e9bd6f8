import { z } from 'zod';
import type { FrontendConfig } from '../../src/frontend/config.ts';
import { MAX_CONNECTIONS } from '../../src/lib/store/postgres/acquire-connection.ts';
import {
  backingServers,
  databaseServices,
  type ServiceName,
  serviceNames,
  topology,
  upstreamsOf,
} from '../../src/topology.ts';
import { loadServiceConfig } from '../architecture/service-configs.ts';
import { readSource } from '../architecture/source-files.ts';
import { originalServices } from '../contracts/original-services.ts';
import { containerOf, environmentOf, grpcServices, readableEnvironmentOf, workloadOf } from './base.ts';
import { KNATIVE_SERVICES, SHOP, SWAPS } from './components.ts';
import { type Container, type KubernetesObject, namesOf } from './kubernetes-objects.ts';
import { kustomizationIn } from './kustomization.ts';
import { renderedShop } from './kustomize.ts';

const plain = renderedShop([]);

function found(objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject | undefined {
  return objects.find((object) => object.kind === kind && object.metadata.name === name);
}

/** The configuration that a service reads from the environment of its container. */
async function configOf<T>(objects: readonly KubernetesObject[], service: ServiceName): Promise<T> {
  return (await loadServiceConfig(service)).readConfig(readableEnvironmentOf(containerOf(objects, service))) as T;
}

async function upstreamAddressesIn(
  objects: readonly KubernetesObject[],
  service: ServiceName,
): Promise<Record<string, string>> {
  return (await configOf<{ upstreams: Record<string, string> }>(objects, service)).upstreams;
}

const callers = serviceNames.filter((name) => upstreamsOf(name).length > 0);

describe('client-side-discovery', () => {
  const objects = renderedShop(['client-side-discovery']);

  it.each(callers)('gives %s the headless Services of its upstreams', async (caller) => {
    const expected = upstreamsOf(caller).map((upstream) => [
      upstream,
      `dns:///${upstream}-headless:${topology[upstream].port}`,
    ]);
    expect(await upstreamAddressesIn(objects, caller)).toEqual(Object.fromEntries(expected));
  });

  it.each(grpcServices)('has a headless Service for %s that resolves to ready pods', (name) => {
    const { spec } = found(objects, 'Service', `${name}-headless`) ?? {};
    expect(spec).toEqual({
      clusterIP: 'None',
      selector: found(objects, 'Service', name)?.spec?.selector,
      ports: [{ name: 'grpc', port: topology[name].port, targetPort: 'grpc', appProtocol: 'grpc' }],
    });
  });

  it('does not change the other Services', () => {
    const twins = grpcServices.map((name) => `${name}-headless`);
    expect(namesOf(objects, 'Service').sort()).toEqual([...namesOf(plain, 'Service'), ...twins].sort());
  });
});

describe('autoscaling', () => {
  const objects = renderedShop(['autoscaling', 'autoscaling/in-flight']);
  const scaled = serviceNames.filter((name) => workloadOf(objects, name).object.spec?.replicas === undefined);
  const milli = (cpu = ''): number => (cpu.endsWith('m') ? Number(cpu.slice(0, -1)) : Number(cpu) * 1000);

  it.each(['HorizontalPodAutoscaler', 'PodDisruptionBudget'])(
    'has one %s per service that may have several replicas',
    (kind) => {
      expect(namesOf(objects, kind).sort()).toEqual([...scaled].sort());
    },
  );

  it.each(scaled)('scales %s before its CPU or its calls reach their limits', async (name) => {
    const { resources } = containerOf(objects, name);
    const spec = found(objects, 'HorizontalPodAutoscaler', name)?.spec as unknown as Autoscaler;
    expect(spec.scaleTargetRef).toEqual({ apiVersion: 'apps/v1', kind: 'Deployment', name });
    expect(spec.minReplicas).toBeGreaterThanOrEqual(2);
    expect(spec.maxReplicas).toBeGreaterThan(spec.minReplicas);
    const [cpu, inFlight, ...others] = spec.metrics;
    expect(others).toEqual([]);
    expect(cpu?.containerResource).toMatchObject({ name: 'cpu', container: name });
    expect(milli(cpu?.containerResource?.target.averageValue)).toBeGreaterThan(milli(resources?.requests?.cpu));

    const isGrpc = topology[name].protocol === 'grpc';
    const metric = isGrpc ? 'rpc_server_active_calls' : 'http_server_active_requests';
    expect(inFlight?.pods?.metric.name).toBe(metric);
    expect(readSource('docs/observability.md').text).toContain(`| \`${metric}\` |`);
    const limits = await configOf<{ server?: { maxConcurrentCalls: number }; maxConcurrentRequests?: number }>(
      objects,
      name,
    );
    const most = limits.server?.maxConcurrentCalls ?? limits.maxConcurrentRequests ?? 0;
    expect(Number(inFlight?.pods?.target.averageValue)).toBe(most / 4);
  });

  it('opens fewer connections to PostgreSQL than its start script allows, also during a rolling update', () => {
    const pods = databaseServices.map((name) => {
      const scaling = found(objects, 'HorizontalPodAutoscaler', name)?.spec as unknown as Autoscaler;
      const { strategy } = workloadOf(objects, name).object.spec as unknown as Updated;
      return scaling.maxReplicas + strategy.rollingUpdate.maxSurge;
    });
    const connections = MAX_CONNECTIONS * pods.reduce((sum, count) => sum + count);
    const script = readSource('kubernetes-manifests/base/postgres/start.sh').text;
    const allowed = Number(/-c max_connections=(\d+)/.exec(script)?.[1]);
    expect(connections + RESERVED_CONNECTIONS).toBeLessThanOrEqual(allowed);
  });

  it.each(scaled)('lets one pod of %s be evicted at a time, and unready ones at any time', (name) => {
    expect(found(objects, 'PodDisruptionBudget', name)?.spec).toEqual({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: workloadOf(objects, name).object.spec?.selector,
    });
  });
});

// The default of PostgreSQL for superuser_reserved_connections.
const RESERVED_CONNECTIONS = 3;

type Updated = { readonly strategy: { readonly rollingUpdate: { readonly maxSurge: number } } };
type Target = { readonly averageValue: string };
type Autoscaler = {
  readonly scaleTargetRef: unknown;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly metrics: readonly {
    readonly containerResource?: { readonly name: string; readonly container: string; readonly target: Target };
    readonly pods?: { readonly metric: { readonly name: string }; readonly target: Target };
  }[];
};

describe('without-loadgenerator', () => {
  it('removes everything but the ServiceAccount, which `skaffold verify` uses', () => {
    const objects = renderedShop(['without-loadgenerator']);
    const left = objects.filter(({ metadata }) => metadata.name === 'loadgenerator');
    expect(left.map(({ kind }) => kind)).toEqual(['ServiceAccount']);
    expect(objects).toHaveLength(plain.length - 1);
  });
});

describe('single-shared-session', () => {
  it('enables the shared session in the frontend', async () => {
    const before = await configOf<FrontendConfig>(plain, 'frontend');
    const after = await configOf<FrontendConfig>(renderedShop(['single-shared-session']), 'frontend');
    expect(after).toEqual({ ...before, singleSharedSession: true });
  });
});

describe('custom-base-url', () => {
  const objects = renderedShop(['custom-base-url']);

  it('sets the path of the shop and of the probes', async () => {
    const before = await configOf<FrontendConfig>(plain, 'frontend');
    const after = await configOf<FrontendConfig>(objects, 'frontend');
    expect(after).toEqual({ ...before, basePath: '/shop' });
    const { startupProbe, readinessProbe, livenessProbe } = containerOf(objects, 'frontend');
    for (const probe of [startupProbe, livenessProbe]) {
      expect(probe?.httpGet).toEqual({ path: '/shop/_healthz', port: 'http' });
    }
    expect(readinessProbe?.httpGet).toEqual({ path: '/shop/_healthz?ready', port: 'http' });
  });

  it('stops the load generator', () => {
    expect(workloadOf(objects, 'loadgenerator').object.spec?.replicas).toBe(0);
  });
});

describe('container-images-tag', () => {
  const objects = renderedShop(['container-images-tag']);
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readSource('package.json').text));

  it.each(serviceNames)('runs the image of %s with the version of this repository', (name) => {
    expect(containerOf(objects, name).image).toBe(`mercato/${name}:${version}`);
  });
});

describe.each(originalServices)('the swap of %s', (service) => {
  const objects = renderedShop([`${SWAPS}/${service}`]);
  const container = containerOf(objects, service);
  const { port, protocol } = topology[service];

  it('replaces the image by that of Online Boutique', () => {
    const image = `us-central1-docker.pkg.dev/google-samples/microservices-demo/${service}:v0.10.4`;
    expect(container.image).toBe(image);
    expect(namesOf(objects, 'Service')).toEqual(namesOf(plain, 'Service'));
    expect(container.ports).toEqual(protocol === 'none' ? [] : [{ name: protocol, containerPort: port }]);
    expect(workloadOf(objects, service).pod.securityContext).toMatchObject({ runAsUser: 1000, runAsNonRoot: true });
  });

  it('sets its port and the addresses of its upstreams', () => {
    const ours = environmentOf(containerOf(plain, service));
    const overrides = port > 0 ? { PORT: String(port) } : {};
    expect(environmentOf(container)).toMatchObject({ ...ours, ...overrides });
  });

  it('has probes that the image supports', () => {
    const { startupProbe, readinessProbe, livenessProbe } = container;
    // Online Boutique's frontend ignores the query of the readiness probe.
    const path = expect.stringMatching(/^\/_healthz(?:\?ready)?$/);
    const expected = { grpc: { grpc: { port } }, http: { httpGet: { path, port: 'http' } }, none: undefined };
    for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
      const { grpc, httpGet } = probe ?? {};
      const how = grpc ? { grpc } : httpGet && { httpGet };
      expect(how).toEqual(expected[protocol]);
    }
  });

  it('changes nothing else', () => {
    const without = (all: readonly KubernetesObject[]) =>
      all.filter(({ kind, metadata }) => kind !== 'Deployment' || metadata.name !== service);
    expect(without(objects)).toEqual(without(plain));
  });
});

describe('knative', () => {
  const objects = renderedShop(['knative']);
  const SERVING = 'serving.knative.dev/v1';
  const isKnatives = (name: ServiceName): boolean => (KNATIVE_SERVICES as readonly ServiceName[]).includes(name);
  /** Fields that Knative rejects, at least by default. Source: knative.dev/serving, apis/serving. */
  const ALLOWED = {
    pod: ['containers', 'enableServiceLinks', 'serviceAccountName', 'timeoutSeconds'],
    container: [
      'env',
      'image',
      'imagePullPolicy',
      'livenessProbe',
      'name',
      'ports',
      'readinessProbe',
      'resources',
      'securityContext',
    ],
    setByItself: ['PORT', 'K_SERVICE', 'K_CONFIGURATION', 'K_REVISION'],
  };

  it('runs stateless services that have callers', () => {
    for (const name of KNATIVE_SERVICES) expect(topology[name]).toMatchObject({ store: 'none', protocol: 'grpc' });
  });

  it.each(KNATIVE_SERVICES)('replaces the Deployment and the Service of %s', (name) => {
    const kinds = objects
      .filter(({ metadata }) => metadata.name === name)
      .map(({ apiVersion, kind }) => `${apiVersion} ${kind}`);
    expect(kinds.sort()).toEqual([`${SERVING} Service`, 'v1 ServiceAccount'].sort());
  });

  it.each(KNATIVE_SERVICES)('sets no field that Knative rejects: %s', (name) => {
    const { object, pod } = workloadOf(objects, name);
    const container = containerOf(objects, name);
    const { volumes: _volumes, ...spec } = pod;
    expect(ALLOWED.pod).toEqual(expect.arrayContaining(Object.keys(spec)));
    expect(ALLOWED.container).toEqual(expect.arrayContaining(Object.keys(container)));
    expect(Object.keys(environmentOf(container)).filter((variable) => ALLOWED.setByItself.includes(variable))).toEqual(
      [],
    );
    expect(container.ports).toEqual([{ name: 'h2c', containerPort: topology[name].port }]);
    expect(object.metadata.labels).toMatchObject({ 'networking.knative.dev/visibility': 'cluster-local' });
  });

  it.each(KNATIVE_SERVICES)('runs %s with the values of its Deployment', (name) => {
    const parts = ({ image, resources, readinessProbe, livenessProbe }: Container) => ({
      image,
      resources,
      readinessProbe,
      livenessProbe,
    });
    expect(parts(containerOf(objects, name))).toEqual(parts(containerOf(plain, name)));
  });

  it('scales idle services to zero', () => {
    for (const name of KNATIVE_SERVICES) {
      const { template } = (found(objects, 'Service', name)?.spec ?? {}) as { template?: { metadata: object } };
      expect(template?.metadata).toMatchObject({ annotations: { 'autoscaling.knative.dev/min-scale': '0' } });
    }
  });

  it.each(callers)('gives %s addresses of Knative Services, also with client-side-discovery', async (caller) => {
    const { namespace } = kustomizationIn(SHOP);
    const expected = (other: (upstream: ServiceName) => string) =>
      upstreamsOf(caller).map((upstream) => [
        upstream,
        isKnatives(upstream) ? `${upstream}.${namespace}.svc.cluster.local:80` : other(upstream),
      ]);
    const alone = expected((upstream) => `${upstream}:${topology[upstream].servicePort}`);
    expect(await upstreamAddressesIn(objects, caller)).toEqual(Object.fromEntries(alone));
    const both = expected((upstream) => `dns:///${upstream}-headless:${topology[upstream].port}`);
    const together = renderedShop(['client-side-discovery', 'knative']);
    expect(await upstreamAddressesIn(together, caller)).toEqual(Object.fromEntries(both));
  });

  it('removes what other components added for its Deployments', () => {
    const all = renderedShop(['autoscaling', 'client-side-discovery', 'observability', 'knative']);
    const left = all.filter(
      ({ metadata, apiVersion }) =>
        KNATIVE_SERVICES.some((name) => metadata.name.startsWith(name)) && apiVersion !== SERVING,
    );
    expect(left.map(({ kind }) => kind)).toEqual(KNATIVE_SERVICES.map(() => 'ServiceAccount'));
    for (const name of KNATIVE_SERVICES) {
      expect(environmentOf(containerOf(all, name))).toMatchObject({ TRACES_EXPORTER: 'otlp' });
    }
  });
});

describe('observability, rendered with the shop', () => {
  const objects = renderedShop(['observability']);

  it.each(serviceNames)('sends the spans of %s to the collector', async (name) => {
    const config = await configOf<{ tracing: unknown }>(objects, name);
    expect(config.tracing).toMatchObject({ exporter: 'otlp' });
    expect(environmentOf(containerOf(objects, name)).OTEL_EXPORTER_OTLP_ENDPOINT).toBe('http://otel-collector:4318');
  });

  it('does not change the environment of the backing servers', () => {
    for (const name of Object.keys(backingServers)) {
      expect(containerOf(objects, name)).toEqual(containerOf(plain, name));
    }
  });
});
