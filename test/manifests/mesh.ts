import { pathsBelow } from '../architecture/source-files.ts';
import { type KubernetesObject, objectsIn } from './kubernetes-objects.ts';

/** The folder of the mesh configuration. */
export const MESH = 'istio-manifests';

/** A route of a VirtualService. */
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

/** The fields of a VirtualService that the tests use. */
export type VirtualService = KubernetesObject & {
  readonly spec: {
    readonly hosts: readonly string[];
    readonly gateways?: readonly string[];
    readonly http: readonly HttpRoute[];
  };
};
/** Pods of a host that have all of the labels. */
type Subset = { readonly name: string; readonly labels: Readonly<Record<string, string>> };
/** The fields of a DestinationRule that the tests use. */
export type DestinationRule = KubernetesObject & {
  readonly spec: {
    readonly host: string;
    readonly trafficPolicy: Readonly<Record<string, unknown>>;
    readonly subsets?: readonly Subset[];
  };
};
/** The fields of an AuthorizationPolicy that the tests use. */
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
/** An operation; a missing list allows every value. */
export type Operation = {
  readonly methods?: readonly string[];
  readonly paths?: readonly string[];
  readonly ports?: readonly string[];
};
/** The fields of a Sidecar that the tests use. */
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

/** The files of the mesh configuration, without lessons and gateway-api. */
export function meshFiles(): string[] {
  return pathsBelow(MESH).filter(
    (path) =>
      path.endsWith('.yaml') && !path.endsWith('kustomization.yaml') && !/\/(?:lessons|gateway-api)\//.test(path),
  );
}

/** The objects of one kind. */
export function ofKind<T extends KubernetesObject>(kind: string, objects: readonly KubernetesObject[]): T[] {
  return objects.filter((object) => object.kind === kind) as T[];
}

/** Conditions of `retryOn` that Envoy does not know, such as one with a space before it. */
export function unknownRetryWords(objects: readonly KubernetesObject[]): string[] {
  return ofKind<VirtualService>('VirtualService', objects).flatMap(({ metadata, spec }) =>
    spec.http
      .flatMap(({ retries }) => retries.retryOn?.split(',') ?? [])
      .filter((word) => !RETRY_WORDS.has(word))
      .map((word) => `${metadata.name}: ${word}`),
  );
}

/** Envoy's retry conditions for gRPC statuses and connections. */
const RETRY_WORDS = new Set(
  'cancelled deadline-exceeded internal resource-exhausted unavailable connect-failure refused-stream reset'.split(' '),
);
