import { parseAllDocuments } from 'yaml';
import { readSource } from '../architecture/source-files.ts';

/** A port of a container. */
export type ContainerPort = { readonly name: string; readonly containerPort: number };

/** A probe of a container. */
export type Probe = {
  readonly httpGet?: { readonly path: string; readonly port: string | number };
  readonly grpc?: { readonly port: number; readonly service?: string };
  readonly exec?: { readonly command: readonly string[] };
};

/** An environment variable of a container. */
export type EnvironmentVariable = { readonly name: string; readonly value?: string; readonly valueFrom?: unknown };

type Quantities = { readonly cpu?: string; readonly memory?: string };

/** The fields of a container that the tests use. */
export type Container = {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvironmentVariable[];
  readonly ports?: readonly ContainerPort[];
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
  readonly resources?: { readonly requests?: Quantities; readonly limits?: Quantities };
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
};

type SourceRef = {
  readonly name: string;
  readonly items?: readonly { readonly key: string; readonly path: string }[];
};

/** A volume of a pod. */
export type Volume = {
  readonly name: string;
  readonly configMap?: SourceRef;
  readonly secret?: { readonly secretName: string };
  readonly projected?: {
    readonly sources: readonly { readonly configMap?: SourceRef; readonly secret?: SourceRef }[];
  };
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly emptyDir?: { readonly sizeLimit?: string };
  readonly hostPath?: { readonly path: string; readonly type: string };
};

/** The fields of a pod that the tests use. */
export type PodSpec = {
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken: boolean;
  readonly enableServiceLinks: boolean;
  readonly priorityClassName?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly Container[];
  readonly volumes: readonly Volume[];
};

/** A port of a Service. */
export type ServicePort = {
  readonly name: string;
  readonly port: number;
  readonly targetPort: string;
  readonly appProtocol: string;
};

/** A Kubernetes object. */
export type KubernetesObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly automountServiceAccountToken?: boolean;
  readonly rules?: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
  readonly data?: Readonly<Record<string, string>>;
  readonly value?: number;
  readonly spec?: {
    readonly replicas?: number;
    readonly type?: string;
    readonly clusterIP?: string;
    readonly ports?: readonly ServicePort[];
    readonly selector?: Readonly<Record<string, unknown>>;
    readonly serviceName?: string;
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
    readonly template?: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: Omit<PodSpec, 'volumes'> & Partial<Pick<PodSpec, 'volumes'>>;
    };
  };
};

/** A Deployment, a StatefulSet, a DaemonSet or a Knative Service, with the pod that it creates. */
export type Workload = {
  readonly name: string;
  readonly object: KubernetesObject;
  readonly labels: Readonly<Record<string, string>>;
  readonly pod: PodSpec;
};

// The tests of a file ask for the same manifests up to ten times, and renderings share most of their objects.
const parsed = new Map<string, readonly KubernetesObject[]>();

/** The objects of a YAML text, in their order. */
export function objectsOf(text: string): readonly KubernetesObject[] {
  const known = parsed.get(text) ?? parse(text);
  parsed.set(text, known);
  return known;
}

function parse(text: string): KubernetesObject[] {
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS() as KubernetesObject;
  });
}

/** The objects of files of the project, in their order. */
export function objectsIn(paths: readonly string[]): KubernetesObject[] {
  return paths.flatMap((path) => objectsOf(readSource(path).text));
}

/** The workloads among the objects. */
export function workloadsOf(objects: readonly KubernetesObject[]): Workload[] {
  return objects.flatMap((object) => {
    const template = object.spec?.template;
    if (template === undefined) return [];
    const claimed = (object.spec?.volumeClaimTemplates ?? []).map(({ metadata: { name } }) => ({
      name,
      persistentVolumeClaim: { claimName: name },
    }));
    const volumes = [...(template.spec.volumes ?? []), ...claimed];
    return [
      { name: object.metadata.name, object, labels: template.metadata.labels, pod: { ...template.spec, volumes } },
    ];
  });
}

/** The ConfigMaps of a volume. */
export function configMapsOf({ configMap, projected }: Volume): SourceRef[] {
  return [{ configMap }, ...(projected?.sources ?? [])].flatMap((source) => source.configMap ?? []);
}

/** The Secrets of a volume. */
export function secretsOf({ secret, projected }: Volume): SourceRef[] {
  const own = secret && { name: secret.secretName };
  return [{ secret: own }, ...(projected?.sources ?? [])].flatMap((source) => source.secret ?? []);
}

/** Names of the objects of a kind. */
export function namesOf(objects: readonly KubernetesObject[], kind: string): string[] {
  return objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
}
