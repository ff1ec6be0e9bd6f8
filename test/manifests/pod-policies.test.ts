import { baseObjects, workloadOf } from './base.ts';
import { type Container, type PodSpec, type Workload, workloadsOf } from './kubernetes-objects.ts';
import { resourcesIn } from './kustomization.ts';
import { COMPONENT, LOG_AGENT } from './observability.ts';
import { faultsOf, TOLERATED } from './pod-policies.ts';

const workloads = workloadsOf([...baseObjects(), ...[COMPONENT, LOG_AGENT].flatMap(resourcesIn)]);

describe('every pod', () => {
  it.each(workloads.map((workload) => [workload.name, workload] as const))(
    'meets the pod policies: %s',
    (name, workload) => expect(faultsOf(workload)).toEqual(TOLERATED[name] ?? []),
  );
});

describe('the pod policies', () => {
  const cart = workloadOf(baseObjects(), 'cartservice');
  const [container] = cart.pod.containers as [Container];
  const withPod = (change: object): Workload => ({ ...cart, pod: { ...cart.pod, ...change } as PodSpec });
  const withContainer = (change: object): Workload => withPod({ containers: [{ ...container, ...change }] });
  const withPorts = (port: object): Workload => withContainer({ ports: [...(container.ports ?? []), port] });
  const withContext = (change: object): Workload =>
    withContainer({ securityContext: { ...container.securityContext, ...change } });

  it.each([
    ['hostNetwork', withPod({ hostNetwork: true })],
    ['a volume of hostPath', withPod({ volumes: [{ name: 'logs', hostPath: { path: '/var/log' } }] })],
    ['cartservice may run as root', withPod({ securityContext: { seccompProfile: { type: 'RuntimeDefault' } } })],
    ['cartservice has no seccomp profile', withPod({ securityContext: { runAsNonRoot: true } })],
    ['cartservice runs as root', withContext({ runAsUser: 0 })],
    ['cartservice is privileged', withContext({ privileged: true })],
    ['cartservice may escalate its privileges', withContext({ allowPrivilegeEscalation: undefined })],
    ['cartservice keeps capabilities', withContext({ capabilities: { drop: ['NET_RAW'] } })],
    ['cartservice adds capabilities', withContext({ capabilities: { drop: ['ALL'], add: ['SYS_PTRACE'] } })],
    ['cartservice may write to its root file system', withContext({ readOnlyRootFilesystem: false })],
    ['the pod does not use the ServiceAccount of its service', withPod({ serviceAccountName: 'default' })],
    ['the pod mounts a Kubernetes API token', withPod({ automountServiceAccountToken: undefined })],
    ['the pod gets environment variables for every Service', withPod({ enableServiceLinks: undefined })],
    ['the pod has an emptyDir without a size limit', withPod({ volumes: [{ name: 'tmp', emptyDir: {} }] })],
    ['cartservice has an image without a pinned version: redis', withContainer({ image: 'redis' })],
    ['cartservice has an image without a pinned version: redis:latest', withContainer({ image: 'redis:latest' })],
    ['cartservice has an image without a pinned version: redis:8', withContainer({ image: 'redis:8' })],
    ['cartservice lacks a readiness or liveness probe', withContainer({ livenessProbe: undefined })],
    ['cartservice has a probe of a missing port', withContainer({ readinessProbe: { grpc: { port: 7071 } } })],
    ['cartservice has two ports with the same name', withPorts({ name: 'metrics', containerPort: 1 })],
    ['cartservice has two ports with the same number', withPorts({ name: 'other', containerPort: 7070 })],
    ['cartservice has a port with an invalid name', withPorts({ name: 'a_port', containerPort: 1 })],
    ['cartservice has no resource requests', withContainer({ resources: { limits: container.resources?.limits } })],
    [
      'cartservice has no resource limits',
      withContainer({ resources: { ...container.resources, limits: { cpu: '1' } } }),
    ],
    ['cartservice mounts a missing volume', withContainer({ volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }] })],
    [
      'cartservice has a duplicate environment variable',
      withContainer({ env: [...(container.env ?? []), ...(container.env ?? [])] }),
    ],
    ['cartservice has a secret in its environment', withContainer({ env: [{ name: 'SMTP_PASSWORD', value: 'x' }] })],
    [
      'cartservice has a secret in its environment',
      withContainer({ env: [{ name: 'URL', value: 'smtp://a:b@c:25' }] }),
    ],
  ])('report that %s', (fault, workload) => expect(faultsOf(workload)).toEqual([fault]));

  it('accept an environment variable that refers to a Secret', () => {
    const valueFrom = { secretKeyRef: { name: 'smtp', key: 'password' } };
    expect(faultsOf(withContainer({ env: [{ name: 'SMTP_PASSWORD', valueFrom }] }))).toEqual([]);
  });
});
