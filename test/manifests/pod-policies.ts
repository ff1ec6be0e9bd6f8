import type { Container, EnvironmentVariable, PodSpec, Workload } from './kubernetes-objects.ts';
import { forbiddenByRestricted } from './pod-security.ts';

const SECRET_NAME = /PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIAL|PRIVATE_KEY|API_KEY/;
const SECRET_VALUE = /^\w+:\/\/[^/@]*:[^/@]*@/;
const PINNED = /^[a-z0-9.-]+(?:\/[a-z0-9-]+)*:v?\d+\.\d+\.\d+(?:-[a-z0-9.]+)?$/;
/** The versions of PostgreSQL have two parts. */
const PINNED_POSTGRES = /^postgres:\d+\.\d+-[a-z]+$/;
/** Images of this repository are not published; their tag is a local one. */
const OWN = /^mercato\/[a-z]+:(?:dev|\d+\.\d+\.\d+)$/;

/** Source: Kubernetes, IANA_SVC_NAME. */
const PORT_NAME = /^[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?$/;

/** Exceptions from the policies by pod name. */
export const TOLERATED: Readonly<Record<string, readonly string[]>> = {
  // Service discovery by the Kubernetes API.
  prometheus: ['the pod mounts a Kubernetes API token'],
  // Only root may read the node's log files.
  'otel-logs': ['a volume of hostPath', 'a volume of hostPath', 'collector may run as root', 'collector runs as root'],
};

/** The violations of the pod policies as texts. */
export function faultsOf({ name, pod }: Workload): string[] {
  return [
    ...forbiddenByRestricted(pod),
    ...faultsOfPod(name, pod),
    ...pod.containers.flatMap((container) => faultsOfContainer(container, pod)),
  ];
}

function faultsOfPod(name: string, pod: PodSpec): string[] {
  const faults: readonly [boolean, string][] = [
    [pod.serviceAccountName !== name, 'does not use the ServiceAccount of its service'],
    [pod.automountServiceAccountToken !== false, 'mounts a Kubernetes API token'],
    [pod.enableServiceLinks !== false, 'gets environment variables for every Service'],
    [
      pod.volumes.some(({ emptyDir }) => emptyDir !== undefined && emptyDir.sizeLimit === undefined),
      'has an emptyDir without a size limit',
    ],
  ];
  return faults.filter(([isFault]) => isFault).map(([, what]) => `the pod ${what}`);
}

function faultsOfContainer(container: Container, pod: PodSpec): string[] {
  const { image, env = [], ports = [], securityContext, resources } = container;
  const names = ports.map((port) => port.name);
  const probes = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;
  const mounted = (container.volumeMounts ?? []).map((mount) => mount.name);
  const faults: readonly [boolean, string][] = [
    [
      ![OWN, PINNED, PINNED_POSTGRES].some((pattern) => pattern.test(image)),
      `has an image without a pinned version: ${image}`,
    ],
    [securityContext?.readOnlyRootFilesystem !== true, 'may write to its root file system'],
    [probes.slice(1).some((probe) => container[probe] === undefined), 'lacks a readiness or liveness probe'],
    [probes.some((probe) => !targetsExistingPort(container[probe], ports)), 'has a probe of a missing port'],
    [!hasQuantities(resources?.requests), 'has no resource requests'],
    [!hasQuantities(resources?.limits), 'has no resource limits'],
    [new Set(names).size < names.length, 'has two ports with the same name'],
    [new Set(ports.map((port) => port.containerPort)).size < ports.length, 'has two ports with the same number'],
    [names.some((name) => !PORT_NAME.test(name)), 'has a port with an invalid name'],
    [mounted.some((name) => !pod.volumes.some((volume) => volume.name === name)), 'mounts a missing volume'],
    [new Set(env.map((variable) => variable.name)).size < env.length, 'has a duplicate environment variable'],
    [env.some(isSecret), 'has a secret in its environment'],
  ];
  return faults.filter(([isFault]) => isFault).map(([, what]) => `${container.name} ${what}`);
}

function hasQuantities(quantities: { readonly cpu?: string; readonly memory?: string } | undefined): boolean {
  return quantities?.cpu !== undefined && quantities.memory !== undefined;
}

function isSecret({ name, value }: EnvironmentVariable): boolean {
  return value !== undefined && (SECRET_NAME.test(name) || SECRET_VALUE.test(value));
}

function targetsExistingPort(probe: Container['readinessProbe'], ports: NonNullable<Container['ports']>): boolean {
  const port = probe?.grpc?.port ?? probe?.httpGet?.port;
  return port === undefined || ports.some(({ name, containerPort }) => port === name || port === containerPort);
}
