import { pathsBelow } from '../architecture/source-files.ts';
import { type KubernetesObject, objectsIn } from './kubernetes-objects.ts';

/** The folder of what the mesh is told. */
export const MESH = 'istio-manifests';

/** A way that a VirtualService sends what it matches. */
export type HttpRoute = {
  readonly name: string;
  readonly match?: readonly {
    readonly uri?: { readonly exact: string };
    readonly method?: { readonly exact: string };
  }[];
  readonly route: readonly {
    readonly destination: {
      readonly host: string;
      readonly subset?: string;
      readonly port: { readonly number: number };
    };
    readonly weight?: number;
  }[];
  readonly timeout: string;
  readonly retries: { readonly attempts: number; readonly perTryTimeout?: string; readonly retryOn?: string };
};

/** The ways to a host, as far as they are looked at here. */
export type VirtualService = KubernetesObject & {
  readonly spec: {
    readonly hosts: readonly string[];
    readonly gateways?: readonly string[];
    readonly http: readonly HttpRoute[];
  };
};
/** Pods of a host that have all of the labels. */
type Subset = { readonly name: string; readonly labels: Readonly<Record<string, string>> };
/** How the pods behind a host are chosen, spared and left out. */
export type DestinationRule = KubernetesObject & {
  readonly spec: {
    readonly host: string;
    readonly trafficPolicy: Readonly<Record<string, unknown>>;
    readonly subsets?: readonly Subset[];
  };
};
/** Who may do what at the pods that it selects; without a selector and rules nobody may do anything. */
export type AuthorizationPolicy = KubernetesObject & {
  readonly spec: {
    readonly selector?: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly targetRefs?: readonly { readonly kind: string; readonly name: string }[];
    readonly rules?: readonly {
      readonly from?: readonly { readonly source: { readonly principals: readonly string[] } }[];
      readonly to?: readonly { readonly operation: Operation }[];
    }[];
  };
};
/** What may be done: each list that is not there leaves its part open. */
export type Operation = {
  readonly methods?: readonly string[];
  readonly paths?: readonly string[];
  readonly ports?: readonly string[];
};
/** Whom the pods that it selects may reach; without a selector all pods that no other one selects. */
export type Sidecar = KubernetesObject & {
  readonly spec: {
    readonly workloadSelector?: { readonly labels: Readonly<Record<string, string>> };
    readonly outboundTrafficPolicy: { readonly mode: string };
    readonly egress: readonly { readonly hosts: readonly string[] }[];
  };
};

/** Everything that `kubectl apply -k istio-manifests` applies. */
export function meshObjects(): KubernetesObject[] {
  return objectsIn(meshFiles());
}

/** The files of it; lessons and the other way in are not part of it. */
export function meshFiles(): string[] {
  return pathsBelow(MESH).filter(
    (path) =>
      path.endsWith('.yaml') && !path.endsWith('kustomization.yaml') && !/\/(?:lessons|gateway-api)\//.test(path),
  );
}

/** Those of one kind. */
export function ofKind<T extends KubernetesObject>(kind: string, objects: readonly KubernetesObject[]): T[] {
  return objects.filter((object) => object.kind === kind) as T[];
}

/** Words of `retryOn` in these that Envoy does not know, such as one with a space before it. */
export function unknownRetryWords(objects: readonly KubernetesObject[]): string[] {
  return ofKind<VirtualService>('VirtualService', objects).flatMap(({ metadata, spec }) =>
    spec.http
      .flatMap(({ retries }) => retries.retryOn?.split(',') ?? [])
      .filter((word) => !RETRY_WORDS.has(word))
      .map((word) => `${metadata.name}: ${word}`),
  );
}

/** What Envoy knows of grpc-status and of connections; Istio adds no word of its own. */
const RETRY_WORDS = new Set(
  'cancelled deadline-exceeded internal resource-exhausted unavailable connect-failure refused-stream reset'.split(' '),
);
