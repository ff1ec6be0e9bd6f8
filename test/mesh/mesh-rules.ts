import { z } from 'zod';
import type { ServiceName } from '../../src/topology.ts';
import type { KubernetesObject } from '../manifests/kubernetes-objects.ts';
import { type AuthorizationPolicy, meshObjects, ofKind } from '../manifests/mesh.ts';

// The schemas are strict: a field that the translation to Envoy does not know is an error.
const match = z.strictObject({
  uri: z.strictObject({ exact: z.string() }).optional(),
  method: z.strictObject({ exact: z.string() }).optional(),
});
const route = z.strictObject({
  name: z.string(),
  match: z.array(match).optional(),
  route: z.unknown(),
  timeout: z.string(),
  retries: z.strictObject({
    attempts: z.number(),
    perTryTimeout: z.string().optional(),
    retryOn: z.string().optional(),
  }),
});
const trafficPolicy = z.strictObject({
  loadBalancer: z.strictObject({ simple: z.literal('LEAST_REQUEST'), localityLbSetting: z.unknown() }),
  connectionPool: z.strictObject({
    tcp: z.strictObject({ maxConnections: z.number(), connectTimeout: z.string() }),
    http: z.strictObject({ http1MaxPendingRequests: z.number(), http2MaxRequests: z.number() }),
  }),
  retryBudget: z.strictObject({ percent: z.number(), minRetryConcurrency: z.number() }),
  outlierDetection: z.strictObject({
    splitExternalLocalOriginErrors: z.boolean().optional(),
    consecutiveLocalOriginFailures: z.number().optional(),
    consecutiveGatewayErrors: z.number(),
    consecutive5xxErrors: z.number(),
    interval: z.string(),
    baseEjectionTime: z.string(),
    maxEjectionPercent: z.number(),
  }),
});
const authorizationRule = z.strictObject({
  from: z.array(z.strictObject({ source: z.strictObject({ principals: z.array(z.string()) }) })).optional(),
  to: z.array(
    z.strictObject({
      operation: z.strictObject({
        methods: z.array(z.string()).optional(),
        paths: z.array(z.string()).optional(),
        ports: z.array(z.string()).optional(),
      }),
    }),
  ),
});

/** One route of a VirtualService. */
export type MeshRoute = z.output<typeof route>;

/** The traffic policy of a DestinationRule. */
export type TrafficPolicy = z.output<typeof trafficPolicy>;

/** One rule of an AuthorizationPolicy. */
export type AuthorizationRule = z.output<typeof authorizationRule>;

/** An AuthorizationPolicy with action ALLOW. */
export type Policy = { readonly name: string; readonly rules: readonly AuthorizationRule[] };

/** The objects of Istio that apply to calls of a service. */
export type MeshRules = {
  readonly service: ServiceName;
  readonly routes: readonly MeshRoute[];
  readonly trafficPolicy: TrafficPolicy;
};

/**
 * The routes and the traffic policy of a service.
 *
 * @param objects the manifests; those of `istio-manifests` unless others are given
 * @throws {z.ZodError} when they have a field that the translation to Envoy does not know
 */
export function meshRulesOf(service: ServiceName, objects = meshObjects()): MeshRules {
  return {
    service,
    routes: z.object({ http: z.array(route) }).parse(specOf('VirtualService', service, objects)).http,
    trafficPolicy: z.object({ trafficPolicy }).parse(specOf('DestinationRule', service, objects)).trafficPolicy,
  };
}

/**
 * The AuthorizationPolicies of a service's pods: those that select them, and those without a selector.
 *
 * @param objects the manifests; those of `istio-manifests` unless others are given
 * @throws {z.ZodError} when they have a field that the translation to Envoy does not know
 */
export function policiesOf(service: ServiceName, objects = meshObjects()): Policy[] {
  const labels: Readonly<Record<string, string>> = { app: service, 'app.kubernetes.io/part-of': 'mercato' };
  return ofKind<AuthorizationPolicy>('AuthorizationPolicy', objects)
    .filter(({ spec: { selector } }) =>
      Object.entries(selector?.matchLabels ?? {}).every(([label, value]) => labels[label] === value),
    )
    .map(({ metadata, spec }) => ({
      name: metadata.name,
      rules: z.array(authorizationRule).default([]).parse(spec.rules),
    }));
}

/** The route of a call to a path. */
export function routeOf(rules: MeshRules, path: string): MeshRoute {
  const found = rules.routes.find(({ match: any = [] }) => any.some(({ uri }) => uri?.exact === path));
  if (found === undefined) throw new Error(`the mesh has no route for ${path}`);
  return found;
}

function specOf(kind: string, name: string, objects: readonly KubernetesObject[]): unknown {
  return ofKind<KubernetesObject & { readonly spec: unknown }>(kind, objects).find(
    ({ metadata }) => metadata.name === name,
  )?.spec;
}
