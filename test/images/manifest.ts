import type { ServiceName } from '../../src/topology.ts';
import { environmentOf } from '../manifests/base.ts';
import { objectsIn, type Probe, workloadsOf } from '../manifests/kubernetes-objects.ts';

/** The parts of a Deployment that the tests run a container with. */
export type ContainerManifest = {
  readonly env: Readonly<Record<string, string>>;
  /** In bytes. */
  readonly memoryLimit: number;
  readonly readinessProbe: Probe;
  /** Time from SIGTERM to SIGKILL. */
  readonly graceSeconds: number;
  /** Paths of the volumes: the Secret of the service's database. */
  readonly mountPaths: readonly string[];
};

const UNITS: Readonly<Record<string, number>> = { Mi: 2 ** 20, Gi: 2 ** 30 };

/** Reads the manifest of a service. */
export function manifestOf(service: ServiceName): ContainerManifest {
  const [workload] = workloadsOf(objectsIn([`kubernetes-manifests/base/${service}.yaml`]));
  const container = workload?.pod.containers[0];
  const [, amount = '', unit = ''] = /^(\d+)(Mi|Gi)$/.exec(container?.resources?.limits?.memory ?? '') ?? [];
  const memoryLimit = Number(amount) * (UNITS[unit] ?? Number.NaN);
  if (container === undefined || !(memoryLimit > 0)) throw new Error(`${service} has no memory limit that can be read`);
  const { readinessProbe } = container;
  if (readinessProbe === undefined) throw new Error(`${service} has no readiness probe`);
  const graceSeconds = workload?.pod.terminationGracePeriodSeconds;
  if (graceSeconds === undefined) throw new Error(`${service} has no grace period`);
  const mountPaths = (container.volumeMounts ?? []).map(({ mountPath }) => mountPath);
  return { env: environmentOf(container), memoryLimit, readinessProbe, graceSeconds, mountPaths };
}
