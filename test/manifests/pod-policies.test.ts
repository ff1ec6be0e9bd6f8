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

describe('the policies', () => {
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
    ['cartservice may write into its image', withContext({ readOnlyRootFilesystem: false })],
    ['the pod shares its account', withPod({ serviceAccountName: 'default' })],
    ['the pod is given a token of Kubernetes', withPod({ automountServiceAccountToken: undefined })],
    ['the pod is given a variable for every Service', withPod({ enableServiceLinks: undefined })],
    ['the pod has a disk without end', withPod({ volumes: [{ name: 'tmp', emptyDir: {} }] })],
    ['cartservice has an image of no one version: redis', withContainer({ image: 'redis' })],
    ['cartservice has an image of no one version: redis:latest', withContainer({ image: 'redis:latest' })],
    ['cartservice has an image of no one version: redis:8', withContainer({ image: 'redis:8' })],
    ['cartservice is not asked how it is', withContainer({ livenessProbe: undefined })],
    [
      'cartservice is asked at a port that it does not have',
      withContainer({ readinessProbe: { grpc: { port: 7071 } } }),
    ],
    ['cartservice has two ports of one name', withPorts({ name: 'metrics', containerPort: 1 })],
    ['cartservice has two ports of one number', withPorts({ name: 'other', containerPort: 7070 })],
    ['cartservice has a port that cannot be called so', withPorts({ name: 'a_port', containerPort: 1 })],
    ['cartservice requests nothing', withContainer({ resources: { limits: container.resources?.limits } })],
    ['cartservice has no limits', withContainer({ resources: { ...container.resources, limits: { cpu: '1' } } })],
    ['cartservice mounts what is not there', withContainer({ volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }] })],
    ['cartservice has a variable twice', withContainer({ env: [...(container.env ?? []), ...(container.env ?? [])] })],
    ['cartservice has a secret in its environment', withContainer({ env: [{ name: 'SMTP_PASSWORD', value: 'x' }] })],
    [
      'cartservice has a secret in its environment',
      withContainer({ env: [{ name: 'URL', value: 'smtp://a:b@c:25' }] }),
    ],
  ])('see that %s', (fault, workload) => expect(faultsOf(workload)).toEqual([fault]));

  it('accept a secret that comes from a Secret', () => {
    const valueFrom = { secretKeyRef: { name: 'smtp', key: 'password' } };
    expect(faultsOf(withContainer({ env: [{ name: 'SMTP_PASSWORD', valueFrom }] }))).toEqual([]);
  });
});
