import { isDeepStrictEqual } from 'node:util';
import { rpcKinds } from '../../src/contract.ts';
import { serviceNames, topology } from '../../src/topology.ts';
import { milliseconds } from '../../tools/generate/mesh-routes.ts';
import { type KubernetesObject, workloadsOf } from './kubernetes-objects.ts';
import { type DestinationRule, type HttpRoute, ofKind, type Sidecar, type VirtualService } from './mesh.ts';

type Destination = HttpRoute['route'][number]['destination'];

/** A route of a lesson, which may mirror. */
export type LessonRoute = HttpRoute & { readonly mirror?: Destination };

const WRITES = new Set(
  serviceNames.flatMap((name) =>
    Object.entries(rpcKinds(name))
      .filter(([, kind]) => kind === 'write')
      .map(([rpc]) => `/${topology[name].grpcService}/${rpc}`),
  ),
);

/** The routes of all VirtualServices, each with the name of its VirtualService. */
export function routesIn(
  objects: readonly KubernetesObject[],
): { readonly owner: string; readonly route: LessonRoute }[] {
  return ofKind<VirtualService>('VirtualService', objects).flatMap(({ metadata, spec }) =>
    spec.http.map((route) => ({ owner: metadata.name, route })),
  );
}

/**
 * The differences of a lesson's VirtualService from the base's, except the permitted ones: subsets, weights, mirrors, faults,
 * retries of reads, and additional routes.
 */
export function changedRoutes(base: VirtualService, lesson: VirtualService): string[] {
  const faults: string[] = [];
  const { http: _routes, ...way } = base.spec;
  const { http: routes, ...own } = lesson.spec;
  if (!isDeepStrictEqual(way, own)) faults.push('other hosts or gateways');
  const kept = routes.filter(({ name }) => base.spec.http.some((route) => route.name === name));
  if (!isDeepStrictEqual(kept.map(essence), base.spec.http.map(essence))) faults.push('other routes');
  for (const [index, route] of kept.entries()) {
    const before = base.spec.http[index]?.retries;
    if (isWrite(route) && !isDeepStrictEqual(route.retries, before)) faults.push(`${route.name}: other attempts`);
  }
  return faults;
}

/** The parts of a route that a lesson may not change. */
function essence({ name, match, route, timeout }: LessonRoute): unknown {
  const places = route.map(({ destination: { host, port } }) => `${host}:${port.number}`);
  return { name, match, places: [...new Set(places)], timeout };
}

/** Whether a route matches a write: an RPC that writes, or a request with a method other than GET. */
export function isWrite({ match, route }: LessonRoute): boolean {
  const host = route[0]?.destination.host;
  if (host !== 'frontend') return match?.some(({ uri }) => WRITES.has(uri?.exact ?? '')) !== false;
  return match !== undefined && !match.every(({ method }) => method?.exact === 'GET');
}

/** Routes of writes with retries or a mirror. */
export function repeatedWrites(objects: readonly KubernetesObject[]): string[] {
  return routesIn(objects)
    .filter(({ route }) => isWrite(route) && (route.retries.attempts > 0 || route.mirror !== undefined))
    .map(({ owner, route }) => `${owner}: ${route.name}`);
}

/** Routes of a lesson with a longer timeout than that of the base, or with attempts that do not fit into it. */
export function overlongRoutes(base: VirtualService, lesson: VirtualService): string[] {
  return lesson.spec.http.flatMap((route) => {
    const { timeout, retries } = route;
    const limits = base.spec.http.filter((one) => isUnder(route, one)).map((one) => milliseconds(one.timeout));
    const attemptsMs = milliseconds(retries.perTryTimeout ?? '0s') * (retries.attempts + 1);
    const isPage = route.route[0]?.destination.host === 'frontend';
    return [
      ...(limits.length === 0 ? [`${route.name}: nothing of the base`] : []),
      ...(milliseconds(timeout) > Math.max(...limits) ? [`${route.name}: ${timeout}`] : []),
      // Pages are retried only if they did not arrive.
      ...(!isPage && attemptsMs > milliseconds(timeout) ? [`${route.name}: attempts of ${attemptsMs} ms`] : []),
    ];
  });
}

/** Whether a route of the base matches the same requests. */
function isUnder({ match = [] }: LessonRoute, { match: taken }: HttpRoute): boolean {
  const uris = match.map(({ uri }) => uri?.exact);
  return taken === undefined || uris.every((uri) => taken.some((one) => one.uri?.exact === uri && uri !== undefined));
}

/** Hosts with two objects of a kind, or workloads with two Sidecars. */
export function doubleClaims(objects: readonly KubernetesObject[]): string[] {
  const claims = [
    ...ofKind<VirtualService>('VirtualService', objects).flatMap(({ spec: { hosts, gateways = ['mesh'] } }) =>
      hosts.flatMap((host) => gateways.map((gateway) => `route of ${host} at ${gateway}`)),
    ),
    ...ofKind<DestinationRule>('DestinationRule', objects).map(({ spec }) => `rule of ${spec.host}`),
    ...ofKind<Sidecar>('Sidecar', objects).map(({ spec }) => `sidecar of ${JSON.stringify(spec.workloadSelector)}`),
  ];
  return claims.filter((claim, index) => claims.indexOf(claim) !== index);
}

/** Destinations without a Service, port, subset or pod. */
export function deadEnds(objects: readonly KubernetesObject[]): string[] {
  return routesIn(objects).flatMap(({ owner, route }) =>
    [...route.route.map(({ destination }) => destination), ...(route.mirror === undefined ? [] : [route.mirror])]
      .filter((destination) => podsAt(destination, objects).length === 0)
      .map(({ host, subset, port }) => `${owner}: ${route.name} to ${subset ?? 'all'} of ${host}:${port.number}`),
  );
}

/** Names of the workloads behind a destination. */
function podsAt({ host, subset, port }: Destination, objects: readonly KubernetesObject[]): string[] {
  const service = objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === host);
  if (service?.spec?.ports?.some((one) => one.port === port.number) !== true) return [];
  const named = ofKind<DestinationRule>('DestinationRule', objects)
    .find(({ spec }) => spec.host === host)
    ?.spec.subsets?.find(({ name }) => name === subset);
  if (subset !== undefined && named === undefined) return [];
  const wanted = { ...service.spec.selector, ...named?.labels };
  return workloadsOf(objects)
    .filter(({ labels }) => Object.entries(wanted).every(([key, value]) => labels[key] === value))
    .map(({ name }) => name);
}

/** Routes without a subset to a service that other routes split into subsets: they would reach every version. */
export function unpinnedRoutes(objects: readonly KubernetesObject[]): string[] {
  const routes = routesIn(objects).flatMap(({ owner, route }) =>
    route.route.map(({ destination }) => ({ destination, name: `${owner}: ${route.name}` })),
  );
  const versioned = new Set(
    routes.filter(({ destination }) => destination.subset !== undefined).map(({ destination }) => destination.host),
  );
  return routes
    .filter(({ destination }) => destination.subset === undefined && versioned.has(destination.host))
    .map(({ name }) => name);
}

/** Routes whose weights do not add up to 100. */
export function wrongWeights(objects: readonly KubernetesObject[]): string[] {
  return routesIn(objects)
    .filter(({ route: { route } }) => route.reduce((sum, { weight = 100 }) => sum + weight, 0) !== 100)
    .map(({ owner, route }) => `${owner}: ${route.name}`);
}
