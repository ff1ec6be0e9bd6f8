import { backingServers } from '../../src/topology.ts';
import {
  type Container,
  configMapsOf,
  type KubernetesObject,
  secretsOf,
  type Workload,
  workloadsOf,
} from './kubernetes-objects.ts';

/** The address of Knative's gateway. */
const KNATIVE_HOST = /^([a-z-]+)\.([a-z-]+)\.svc\.cluster\.local$/;
const ADDRESS = /^(?:dns:\/\/\/|[a-z]+:\/\/)?([a-z][a-z0-9.-]*):(\d+)(?:\/.*)?$/;

/** The Secrets that scripts/kubernetes/create-database-secrets.sh creates. */
const CREATED_SECRETS = (backingServers.postgres?.users ?? []).map((name) => `${name}-database`);

type Loose = { readonly spec?: Record<string, unknown> };

/** The references of these objects to missing objects, as texts. */
export function danglingIn(objects: readonly KubernetesObject[]): string[] {
  const has = (kind: string, name: unknown): boolean =>
    (kind === 'Secret' && CREATED_SECRETS.includes(String(name))) ||
    objects.some((object) => object.kind === kind && object.metadata.name === name);
  const workloads = workloadsOf(objects);
  return [
    ...workloads.flatMap((workload) => danglingOf(workload, has)),
    ...workloads.flatMap(({ name, pod }) =>
      pod.containers.flatMap((container) => strayAddresses(container, objects).map((found) => `${name}: ${found}`)),
    ),
    ...objects.flatMap((object) => selectsNobody(object, workloads)),
    ...objects.flatMap(({ kind, metadata, spec }) => {
      const target = (spec as Loose['spec'])?.scaleTargetRef as { kind: string; name: string } | undefined;
      return target === undefined || has(target.kind, target.name) ? [] : [`${kind} ${metadata.name}: ${target.name}`];
    }),
  ];
}

function danglingOf({ name, pod }: Workload, has: (kind: string, name: unknown) => boolean): string[] {
  const { serviceAccountName, priorityClassName } = pod;
  const missing = (kind: string, sources: readonly { readonly name: string }[]): string[] =>
    sources.flatMap((source) => (has(kind, source.name) ? [] : [`${name}: ${kind} ${source.name}`]));
  return [
    ...(has('ServiceAccount', serviceAccountName) ? [] : [`${name}: account ${serviceAccountName}`]),
    ...missing('ConfigMap', pod.volumes.flatMap(configMapsOf)),
    ...missing('Secret', pod.volumes.flatMap(secretsOf)),
    ...(priorityClassName === undefined || has('PriorityClass', priorityClassName)
      ? []
      : [`${name}: priority ${priorityClassName}`]),
  ];
}

/** Addresses in environments without a Service. */
function strayAddresses({ env = [] }: Container, objects: readonly KubernetesObject[]): string[] {
  return env.flatMap(({ name, value = '' }) => {
    const [, host = '', port] = ADDRESS.exec(value) ?? [];
    // An address that is required and never called.
    if (port === undefined || name === 'SHOPPING_ASSISTANT_SERVICE_ADDR') return [];
    return isServed(host, Number(port), objects) ? [] : [`${name}=${value}`];
  });
}

function isServed(host: string, port: number, objects: readonly KubernetesObject[]): boolean {
  const [, knativeName, namespace] = KNATIVE_HOST.exec(host) ?? [];
  return objects.some(({ apiVersion, kind, metadata, spec }) => {
    if (kind !== 'Service') return false;
    if (apiVersion.startsWith('serving.knative.dev/')) {
      return metadata.name === knativeName && metadata.namespace === namespace && port === 80;
    }
    return metadata.name === host && spec?.ports?.some((one) => one.port === port) === true;
  });
}

/** Services and PodDisruptionBudgets that select no pod, and Service ports without a container port. */
function selectsNobody(
  { apiVersion, kind, metadata, spec }: KubernetesObject,
  workloads: readonly Workload[],
): string[] {
  if (apiVersion !== 'v1' && kind !== 'PodDisruptionBudget') return [];
  const selector = kind === 'Service' ? spec?.selector : spec?.selector?.matchLabels;
  if (selector === undefined) return [];
  const found = workloads.filter(({ labels }) =>
    Object.entries(selector as Record<string, string>).every(([key, value]) => labels[key] === value),
  );
  const ports = found.flatMap(({ pod }) => pod.containers.flatMap((container) => container.ports ?? []));
  const missing = (spec?.ports ?? []).filter(({ targetPort }) => !ports.some(({ name }) => name === targetPort));
  return [
    ...(found.length === 0 ? [`${kind} ${metadata.name} selects no pod`] : []),
    ...missing.map(({ targetPort }) => `${kind} ${metadata.name}: port ${targetPort}`),
  ];
}
