import type { Container, PodSpec } from './kubernetes-objects.ts';

type Context = {
  readonly privileged?: boolean;
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly allowPrivilegeEscalation?: boolean;
  readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
  readonly seccompProfile?: { readonly type: string };
  readonly seLinuxOptions?: unknown;
  readonly procMount?: string;
};

type Loose = Readonly<Record<string, unknown>>;

const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
const SECCOMP = ['RuntimeDefault', 'Localhost'];

/**
 * The violations of the Pod Security Standard `restricted` as texts.
 *
 * Source: Kubernetes, Pod Security Standards.
 */
export function forbiddenByRestricted(pod: PodSpec): string[] {
  const loose = pod as unknown as Loose;
  const shared = ['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => loose[field] === true);
  const volumes = pod.volumes.flatMap((volume) =>
    Object.keys(volume).filter((kind) => kind !== 'name' && !VOLUMES.includes(kind)),
  );
  const containers = [...pod.containers, ...((loose.initContainers as readonly Container[] | undefined) ?? [])];
  return [
    ...shared,
    ...volumes.map((kind) => `a volume of ${kind}`),
    ...containers.flatMap((container) => forbiddenIn(container, pod.securityContext as Context | undefined)),
  ];
}

function forbiddenIn(container: Container, podContext: Context = {}): string[] {
  const own: Context = container.securityContext ?? {};
  const both = { ...podContext, ...own };
  const faults: readonly [boolean, string][] = [
    [own.privileged === true, 'is privileged'],
    [own.allowPrivilegeEscalation !== false, 'may escalate its privileges'],
    [own.capabilities?.drop?.includes('ALL') !== true, 'keeps capabilities'],
    [(own.capabilities?.add ?? []).some((name) => name !== 'NET_BIND_SERVICE'), 'adds capabilities'],
    [both.runAsNonRoot !== true, 'may run as root'],
    [both.runAsUser === 0, 'runs as root'],
    [!SECCOMP.includes(both.seccompProfile?.type ?? ''), 'has no seccomp profile'],
    [both.seLinuxOptions !== undefined, 'has an SELinux user or role'],
    [(own.procMount ?? 'Default') !== 'Default', 'has an unmasked /proc'],
    [(container.ports ?? []).some((port) => 'hostPort' in port), 'has a hostPort'],
  ];
  return faults.filter(([isFault]) => isFault).map(([, what]) => `${container.name} ${what}`);
}
