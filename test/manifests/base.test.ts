import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { rpcKinds } from '../../src/contract.ts';
import type { ProcessConfig } from '../../src/lib/process/process-config.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { backingServers, isOptional, type ServiceName, serviceNames, topology } from '../../src/topology.ts';
import { loadServiceConfig } from '../architecture/service-configs.ts';
import { pathsBelow } from '../architecture/source-files.ts';
import {
  BASE,
  baseObjects,
  containerOf,
  deployedNames,
  environmentOf,
  objectsOfFile,
  offeredServices,
  readableEnvironmentOf,
  workloadOf,
} from './base.ts';
import type { KubernetesObject, Probe } from './kubernetes-objects.ts';
import { kustomizationIn } from './kustomization.ts';

const SHARED_FILES = ['namespace', 'priority-classes'];
const METRICS_PORT = 9464;
/** The longest call of a service in milliseconds, where it exceeds the default shutdown limit. */
const LONGEST_CALL_MS: Readonly<Partial<Record<ServiceName, number>>> = { checkoutservice: 10_000, frontend: 10_000 };

const objects = baseObjects();

describe('the base', () => {
  it('has one file per service of the topology and per backing server', () => {
    const names = pathsBelow(BASE).flatMap((path) => (path.endsWith('.yaml') ? [basename(path, '.yaml')] : []));
    expect(names.sort()).toEqual([...deployedNames, ...SHARED_FILES, 'kustomization'].sort());
  });

  it('sets no namespace, and defines one that enforces the restricted standard', () => {
    expect(kustomizationIn(BASE).namespace).toBeUndefined();
    expect(objects.filter(({ metadata }) => metadata.namespace !== undefined)).toEqual([]);
    const [namespace, ...others] = objectsOfFile('namespace');
    expect(others).toEqual([]);
    expect(namespace?.metadata).toMatchObject({
      name: kustomizationIn('kubernetes-manifests').namespace,
      labels: { 'pod-security.kubernetes.io/enforce': 'restricted', 'pod-security.kubernetes.io/warn': 'restricted' },
    });
  });
});

describe.each(serviceNames)('the file of %s', (service) => {
  const file = objectsOfFile(service);
  const { pod, object } = workloadOf(file, service);
  const container = containerOf(file, service);
  const { protocol, port, servicePort, grpcService, store } = topology[service];
  const isReplicated = store === 'postgres';

  it('contains a Deployment, a PodDisruptionBudget if it has two pods, the Services and a ServiceAccount', () => {
    const external = service === 'frontend' ? ['Service frontend-external'] : [];
    const services = servicePort > 0 ? [`Service ${service}`, ...external] : [];
    const budgets = isReplicated ? [`PodDisruptionBudget ${service}`] : [];
    const expected = [`Deployment ${service}`, ...budgets, ...services, `ServiceAccount ${service}`];
    expect(file.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(expected);
  });

  it('runs the image of the service with its ServiceAccount', () => {
    expect(container).toMatchObject({
      name: service,
      image: `mercato/${service}:dev`,
      imagePullPolicy: 'IfNotPresent',
    });
    expect(pod.serviceAccountName).toBe(service);
  });

  it('exposes the port of the topology and the port of the metrics', () => {
    const served = port > 0 ? [{ name: protocol, containerPort: port }] : [];
    expect(container.ports).toEqual([...served, { name: 'metrics', containerPort: METRICS_PORT }]);
  });

  it('sets only environment variables that the service reads, and the service accepts them', async () => {
    const config = await loadServiceConfig(service);
    const env = environmentOf(container);
    expect(container.env ?? []).toHaveLength(Object.keys(env).length);
    expect(Object.keys(env).filter((name) => !(name in config.variables.shape))).toEqual([]);
    expect(config.readConfig(readableEnvironmentOf(container))).toMatchObject({ tracing: { exporter: 'none' } });
  });

  it('has startup, readiness and liveness probes for the protocol of the service', () => {
    const expected: { alive: Probe; ready: Probe } = {
      grpc: {
        alive: { grpc: { port, service: 'liveness' } },
        ready: { grpc: { port, service: grpcService } },
      },
      http: {
        alive: { httpGet: { path: '/_healthz', port: 'http' } },
        ready: { httpGet: { path: '/_healthz?ready', port: 'http' } },
      },
      none: {
        alive: { httpGet: { path: '/metrics', port: 'metrics' } },
        ready: { httpGet: { path: '/metrics', port: 'metrics' } },
      },
    }[protocol];
    expect(container.readinessProbe).toMatchObject(expected.ready);
    expect(container.livenessProbe).toMatchObject(expected.alive);
    // Not the readiness check: cartservice without Redis has started.
    expect(container.startupProbe).toMatchObject(expected.alive);
  });

  it('has a grace period for the preStop pause and the longest call', async () => {
    const { readConfig } = await loadServiceConfig(service);
    const { limitMs } = (readConfig(readableEnvironmentOf(container)) as ProcessConfig).shutdown;
    expect(limitMs).toBeGreaterThan(LONGEST_CALL_MS[service] ?? 0);
    const sleep = container.lifecycle?.preStop?.sleep?.seconds ?? 0;
    expect(sleep > 0).toBe(servicePort > 0);
    expect(pod.terminationGracePeriodSeconds).toBe(sleep + limitMs / 1000 + 5);
  });

  it('has two pods if it stores what must survive, otherwise one pod or more', () => {
    const single = service === 'loadgenerator' ? 1 : undefined;
    expect(object.spec?.replicas).toBe(isReplicated ? 2 : single);
  });

  it('mounts only the Secret of the database of the service, and nothing for a service without a database', () => {
    const volumes = isReplicated ? [{ name: 'database', secret: { secretName: `${service}-database` } }] : [];
    const mounts = isReplicated ? [{ name: 'database', mountPath: '/etc/database', readOnly: true }] : undefined;
    expect(pod.volumes).toEqual(volumes);
    expect(container.volumeMounts).toEqual(mounts);
  });
});

describe.each(Object.entries(backingServers))('the file of %s', (name, { ports }) => {
  const file = objectsOfFile(name);

  it('contains a workload, a Service and a ServiceAccount', () => {
    const workload = name === 'postgres' ? 'StatefulSet' : 'Deployment';
    const expected = [workload, 'Service', 'ServiceAccount'].map((kind) => `${kind} ${name}`);
    expect(file.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(expected);
  });

  it('serves the ports that its users connect to', () => {
    const service = file.find(({ kind }) => kind === 'Service');
    const offered = (service?.spec?.ports ?? []).map(({ name: portName, port }) => [portName, port]);
    expect(Object.fromEntries(offered)).toEqual(ports);
  });

  // Pods with the label of the shop are scraped for metrics and get the tracing environment.
  it('does not have the part-of label of the shop', () => {
    for (const { metadata } of file) expect(metadata.labels?.['app.kubernetes.io/part-of']).toBe('mercato-backing');
  });
});

describe.each(deployedNames)('every object of %s', (name) => {
  const file = objectsOfFile(name);
  const { object, labels, pod } = workloadOf(file, name);

  it('has the same labels, and the workload selects its pods by the name', () => {
    expect(labels).toMatchObject({ app: name, 'app.kubernetes.io/name': name });
    for (const { metadata } of file) expect(metadata.labels).toEqual(labels);
    expect(object.spec?.selector).toEqual({ matchLabels: { 'app.kubernetes.io/name': name } });
  });

  it('mounts no Kubernetes API token', () => {
    expect(file.find(({ kind }) => kind === 'ServiceAccount')).toMatchObject({ automountServiceAccountToken: false });
    expect(pod.automountServiceAccountToken).toBe(false);
  });
});

describe.each(serviceNames)('the Deployment of %s', (name) => {
  const { object, pod } = workloadOf(objects, name);

  it('starts a new pod before it stops an old one', () => {
    expect(object.spec).toMatchObject({ strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });
  });

  it('spreads its pods over zones and nodes', () => {
    const over = (topologyKey: string) => ({
      topologyKey,
      maxSkew: 1,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: { 'app.kubernetes.io/name': name } },
      matchLabelKeys: ['pod-template-hash'],
    });
    expect(pod).toMatchObject({
      topologySpreadConstraints: [over('topology.kubernetes.io/zone'), over('kubernetes.io/hostname')],
    });
  });

  it('runs as the user of its image', () => {
    expect(pod.securityContext).toMatchObject({ runAsUser: 65532, runAsGroup: 65532 });
  });
});

describe('PostgreSQL', () => {
  const { pod, object } = workloadOf(objects, 'postgres');
  const { users = [] } = backingServers.postgres ?? {};

  it('keeps its data in a volume that outlives the pod', () => {
    expect(object.spec?.volumeClaimTemplates?.map(({ metadata }) => metadata.name)).toEqual(['data']);
    const { volumeMounts = [] } = containerOf(objects, 'postgres');
    expect(volumeMounts.find(({ name }) => name === 'data')?.mountPath).toBe('/var/lib/postgresql');
    expect(environmentOf(containerOf(objects, 'postgres')).PGDATA).toMatch(/^\/var\/lib\/postgresql\/./);
  });

  it('mounts the password of each database, and no URL', () => {
    const sources = pod.volumes.flatMap(({ projected }) => projected?.sources ?? []).map(({ secret }) => secret);
    const expected = users.map((name) => ({
      name: `${name}-database`,
      items: [{ key: 'password', path: `${name}/password` }],
    }));
    expect(sources).toEqual(expected.sort((one, other) => (one.name < other.name ? -1 : 1)));
  });
});

describe('the Services', () => {
  const byName = new Map(objects.filter(({ kind }) => kind === 'Service').map((found) => [found.metadata.name, found]));
  const portOf = (name: string) => byName.get(name)?.spec?.ports;

  it.each(offeredServices)('offer %s at the port of the topology with its protocol as appProtocol', (name) => {
    const { protocol, servicePort } = topology[name];
    expect(portOf(name)).toEqual([{ name: protocol, port: servicePort, targetPort: protocol, appProtocol: protocol }]);
  });

  it('expose only the storefront outside the cluster', () => {
    const types = [...byName].map(([name, { spec }]) => [name, spec?.type]);
    expect(types.filter(([, type]) => type !== 'ClusterIP')).toEqual([['frontend-external', 'LoadBalancer']]);
    expect(portOf('frontend-external')).toEqual(portOf('frontend'));
  });

  it.each([...byName.keys()])(
    'select pods and ports that exist, and are headless for a StatefulSet only: %s',
    (name) => {
      const { spec } = byName.get(name) as KubernetesObject;
      const isGoverning = objects.some(({ spec: other }) => other?.serviceName === name);
      expect(spec?.clusterIP).toBe(isGoverning ? 'None' : undefined);
      const target = String(spec?.selector?.['app.kubernetes.io/name']);
      expect(spec?.selector).toEqual({ 'app.kubernetes.io/name': target });
      const ports = (containerOf(objects, target).ports ?? []).map((port) => port.name);
      for (const { targetPort } of spec?.ports ?? []) expect(ports).toContain(targetPort);
    },
  );
});

describe('the annotations', () => {
  const annotated = objects.filter(({ kind }) => kind !== 'ServiceAccount');

  it.each(annotated.map((object) => [`${object.kind} ${object.metadata.name}`, object] as const))(
    'describe %s and name a document that exists',
    (_name, { metadata }) => {
      const { 'a8r.io/description': description = '', 'a8r.io/documentation': page = '' } = metadata.annotations ?? {};
      expect(description).not.toBe('');
      expect(existsSync(projectPath(page))).toBe(true);
    },
  );
});

describe('the priorities', () => {
  const classes = objectsOfFile('priority-classes');
  const PREFIX = 'mercato-';

  /** A service that is optional for all its callers, or its backing server. */
  function isExtra(name: string): boolean {
    return (backingServers[name]?.users ?? [name as ServiceName]).every(isOptional);
  }

  /** The services of an order: those that accept it, and those to which it writes. */
  function isCritical(name: string): boolean {
    if (['frontend', 'checkoutservice', 'postgres', 'redis-cart'].includes(name)) return true;
    const called = topology.checkoutservice.calls[name as ServiceName] ?? [];
    return called.some((rpc) => rpcKinds(name as ServiceName)[rpc] === 'write');
  }

  it('are three classes that never preempt a pod', () => {
    const values = classes.map(({ metadata, value }) => [metadata.name, value]);
    expect(Object.fromEntries(values)).toEqual({
      'mercato-critical': 3000,
      'mercato-standard': 2000,
      'mercato-extra': 1000,
    });
    for (const found of classes) expect(found).toMatchObject({ preemptionPolicy: 'Never' });
  });

  it.each(deployedNames)('rank %s by its role in an order: critical, standard or extra', (name) => {
    const expected = isExtra(name) ? 'extra' : isCritical(name) ? 'critical' : 'standard';
    expect(workloadOf(objects, name).pod.priorityClassName).toBe(`${PREFIX}${expected}`);
  });
});
