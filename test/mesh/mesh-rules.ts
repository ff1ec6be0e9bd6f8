import { z } from 'zod';
import type { ServiceName } from '../../src/topology.ts';
import { type KubernetesObject, objectsIn } from '../manifests/kubernetes-objects.ts';
import { MESH, ofKind } from '../manifests/mesh.ts';

// A field that is not named here is an error: what is not carried over to Envoy would not be proved.
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
  from: z.array(z.strictObject({ source: z.strictObject({ principals: z.array(z.string()) }) })),
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

/** How calls that match are treated, as a VirtualService says it. */
export type MeshRoute = z.output<typeof route>;

/** How a service's pods are chosen, spared and left out, as a DestinationRule says it. */
export type TrafficPolicy = z.output<typeof trafficPolicy>;

/** Who may call what, as an AuthorizationPolicy says it. */
export type AuthorizationRule = z.output<typeof authorizationRule>;

/** What the mesh is told of a service. */
export type MeshRules = {
  readonly service: ServiceName;
  readonly routes: readonly MeshRoute[];
  readonly trafficPolicy: TrafficPolicy;
  readonly authorization: readonly AuthorizationRule[];
};

/**
 * Reads what `istio-manifests` tell the mesh of a service.
 *
 * @throws {z.ZodError} when they say something that is not carried over to Envoy here
 */
export function meshRulesOf(service: ServiceName): MeshRules {
  return {
    service,
    routes: z.object({ http: z.array(route) }).parse(specOf(service, 'VirtualService')).http,
    trafficPolicy: z.object({ trafficPolicy }).parse(specOf(service, 'DestinationRule')).trafficPolicy,
    authorization: z.object({ rules: z.array(authorizationRule) }).parse(specOf(service, 'AuthorizationPolicy')).rules,
  };
}

/** The route that a call takes. */
export function routeOf(rules: MeshRules, path: string): MeshRoute {
  const found = rules.routes.find(({ match: any = [] }) => any.some(({ uri }) => uri?.exact === path));
  if (found === undefined) throw new Error(`the mesh has no route for ${path}`);
  return found;
}

function specOf(service: ServiceName, kind: string): unknown {
  const [found] = ofKind<KubernetesObject & { readonly spec: unknown }>(
    kind,
    objectsIn([`${MESH}/services/${service}.yaml`]),
  );
  return found?.spec;
}
