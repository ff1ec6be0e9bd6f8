import { readSource } from '../architecture/source-files.ts';
import { type Container, configMapsOf, namesOf, type PodSpec, workloadsOf } from './kubernetes-objects.ts';
import { generatedIn, kustomizationIn, resourcesIn } from './kustomization.ts';
import { COMPONENT, LOG_AGENT } from './observability.ts';

/** The size limit of the annotation in which `kubectl apply` stores the whole object. */
const MAX_CONFIG_MAP_BYTES = 256 * 1024;

const PARTS = [COMPONENT, LOG_AGENT] as const;
const objects = PARTS.flatMap(resourcesIn);
const workloads = workloadsOf(objects);
const containers = workloads.flatMap(({ name, pod }) =>
  pod.containers.map((container) => [`${name}/${container.name}`, container] as const),
);
const configMaps = new Map(PARTS.flatMap((part) => [...generatedIn(part)]));

function portNames(container: Container): string[] {
  return (container.ports ?? []).map(({ name }) => name);
}

function mebibytes(quantity: string | undefined): number {
  const [, amount, unit] = /^(\d+)(Mi|Gi)B?$/.exec(quantity ?? '') ?? [];
  return Number(amount) * (unit === 'Gi' ? 1024 : 1);
}

/** References of a pod to keys of ConfigMaps; a reference to a ConfigMap is one to each key. */
function configMapKeysOf(pod: PodSpec): { name: string; keys: readonly string[] }[] {
  const references = pod.volumes.flatMap(configMapsOf);
  return references.map(({ name, items = [] }) => ({ name, keys: items.map(({ key }) => key) }));
}

describe.each(PARTS)('the kustomization of %s', (part) => {
  it('generates ConfigMaps that kubectl can apply', () => {
    for (const files of generatedIn(part).values()) {
      const bytes = [...files.values()].reduce(
        (sum, path) => sum + Buffer.byteLength(JSON.stringify(readSource(path).text)),
        0,
      );
      expect(bytes).toBeLessThan(MAX_CONFIG_MAP_BYTES);
    }
  });
});

describe('every container', () => {
  it.each(containers)('configures its runtime to stay below the memory limit: %s', (_name, { env, resources }) => {
    const kept = env?.find(({ name }) => name === 'GOMEMLIMIT')?.value;
    if (kept !== undefined)
      expect(mebibytes(kept.replace(/B$/, ''))).toBeLessThan(mebibytes(resources?.limits?.memory));
  });
});

describe.each(workloads.map((workload) => [workload.name, workload] as const))(
  '%s',
  (name, { object, labels, pod }) => {
    it('refers only to objects that exist', () => {
      expect(namesOf(objects, 'ServiceAccount')).toContain(pod.serviceAccountName);
      for (const reference of configMapKeysOf(pod)) {
        const keys = configMaps.get(reference.name);
        expect({ name: reference.name, isThere: keys !== undefined }).toMatchObject({ isThere: true });
        expect([...(keys?.keys() ?? [])]).toEqual(expect.arrayContaining([...reference.keys]));
      }
      const volumes = pod.volumes.map((volume) => volume.name);
      const mounted = pod.containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map((mount) => mount.name));
      expect([...mounted].sort()).toEqual([...volumes].sort());
    });

    it('starts with a configuration file that is mounted', () => {
      const [container] = pod.containers;
      const config = container?.args
        ?.map((arg) => /^--?config(?:\.file)?=(.*)$/.exec(arg)?.[1])
        .find((path) => path !== undefined);
      if (config === undefined) return expect(name).toBe('grafana');
      const mount = container?.volumeMounts?.find(({ mountPath }) => config.startsWith(`${mountPath}/`));
      const file = config.slice((mount?.mountPath.length ?? 0) + 1);
      const keys = configMapKeysOf(pod).flatMap((reference) => [...(configMaps.get(reference.name)?.keys() ?? [])]);
      expect(keys).toContain(file);
    });

    it('has the part-of label of observability', () => {
      for (const all of [object.metadata.labels, labels]) {
        expect(all).toEqual({
          app: name,
          'app.kubernetes.io/name': name,
          'app.kubernetes.io/component': expect.any(String),
          'app.kubernetes.io/part-of': 'mercato-observability',
        });
      }
      expect(object.spec?.selector).toEqual({ matchLabels: { 'app.kubernetes.io/name': name } });
    });

    it('has a Kubernetes API token only for service discovery', () => {
      expect(pod.automountServiceAccountToken).toBe(name === 'prometheus');
      expect(pod.enableServiceLinks).toBe(false);
    });
  },
);

describe('the objects of the component', () => {
  it('set no namespace', () => {
    const named = resourcesIn(COMPONENT).filter(({ metadata }) => metadata.namespace !== undefined);
    expect(named).toEqual([]);
    expect(kustomizationIn(COMPONENT).namespace).toBeUndefined();
  });

  it('have no cluster-wide permissions', () => {
    expect(objects.map(({ kind }) => kind)).not.toEqual(expect.arrayContaining([expect.stringContaining('Cluster')]));
    const rules = objects.flatMap(({ kind, rules = [] }) => (kind === 'Role' ? rules : []));
    expect(rules).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }]);
    expect(objects.find(({ kind }) => kind === 'RoleBinding')).toMatchObject({
      roleRef: { kind: 'Role', name: 'prometheus' },
      subjects: [{ kind: 'ServiceAccount', name: 'prometheus' }],
    });
  });

  const services = objects.filter(({ kind }) => kind === 'Service');

  it.each(services.map((service) => [service.metadata.name, service] as const))(
    'give the Service %s a cluster IP and ports that exist',
    (_name, { spec }) => {
      expect(spec?.type).toBe('ClusterIP');
      // A headless Service makes Istio's proxies lose their spans.
      expect(spec?.clusterIP).toBeUndefined();
      const target = workloads.find(
        ({ labels }) => labels['app.kubernetes.io/name'] === spec?.selector?.['app.kubernetes.io/name'],
      );
      const ports = target?.pod.containers.flatMap(portNames) ?? [];
      for (const { targetPort, appProtocol } of spec?.ports ?? []) {
        expect(ports).toContain(targetPort);
        expect(['grpc', 'http']).toContain(appProtocol);
      }
    },
  );
});

describe('the log agent', () => {
  const agent = workloads.find(({ name }) => name === 'otel-logs');

  it('has its own namespace, the only one that does not enforce the restricted standard', () => {
    const { namespace } = kustomizationIn(LOG_AGENT);
    const [made, ...others] = objects.filter(({ kind }) => kind === 'Namespace');
    expect(others).toEqual([]);
    expect(made?.metadata).toMatchObject({
      name: namespace,
      labels: { 'pod-security.kubernetes.io/enforce': 'privileged' },
    });
    expect(namespace).toBe('mercato-logs');
    expect(resourcesIn(COMPONENT).map(({ metadata }) => metadata.name)).not.toContain('otel-logs');
  });

  it('mounts the log files of the node read-only, and writes only its state', () => {
    const paths = agent?.pod.volumes.flatMap(({ name, hostPath }) => {
      const mount = agent.pod.containers[0]?.volumeMounts?.find((candidate) => candidate.name === name);
      return hostPath === undefined ? [] : [{ path: hostPath.path, readOnly: mount?.readOnly === true }];
    });
    expect(paths).toEqual([
      { path: '/var/log/pods', readOnly: true },
      { path: '/var/lib/mercato-otel-logs', readOnly: false },
    ]);
  });
});
