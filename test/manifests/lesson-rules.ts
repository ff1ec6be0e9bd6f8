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
 * What a lesson's VirtualService has otherwise than the base's, but for what it may: a subset, a weight, a mirror, a fault,
 * attempts of what only reads, and routes of its own.
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

/** What must be the same in a route, whichever pods it leads to. */
function essence({ name, match, route, timeout }: LessonRoute): unknown {
  const places = route.map(({ destination: { host, port } }) => `${host}:${port.number}`);
  return { name, match, places: [...new Set(places)], timeout };
}

/** True for a route that takes a write: an RPC that changes something, or a page by a method that is not GET. */
export function isWrite({ match, route }: LessonRoute): boolean {
  const host = route[0]?.destination.host;
  if (host !== 'frontend') return match?.some(({ uri }) => WRITES.has(uri?.exact ?? '')) !== false;
  return match !== undefined && !match.every(({ method }) => method?.exact === 'GET');
}

/** Writes that are repeated, mirrored, or reach a new version by half. */
export function repeatedWrites(objects: readonly KubernetesObject[]): string[] {
  return routesIn(objects)
    .filter(({ route }) => isWrite(route) && (route.retries.attempts > 0 || route.mirror !== undefined))
    .map(({ owner, route }) => `${owner}: ${route.name}`);
}

/** Routes of a lesson that may take longer than the one of the base that took the same until now, or than their attempts. */
export function overlongRoutes(base: VirtualService, lesson: VirtualService): string[] {
  return lesson.spec.http.flatMap((route) => {
    const { timeout, retries } = route;
    const limits = base.spec.http.filter((one) => isUnder(route, one)).map((one) => milliseconds(one.timeout));
    const attemptsMs = milliseconds(retries.perTryTimeout ?? '0s') * (retries.attempts + 1);
    const isPage = route.route[0]?.destination.host === 'frontend';
    return [
      ...(limits.length === 0 ? [`${route.name}: nothing of the base`] : []),
      ...(milliseconds(timeout) > Math.max(...limits) ? [`${route.name}: ${timeout}`] : []),
      // A page that did not arrive took no time.
      ...(!isPage && attemptsMs > milliseconds(timeout) ? [`${route.name}: attempts of ${attemptsMs} ms`] : []),
    ];
  });
}

/** True when a route of the base took what this one takes. */
function isUnder({ match = [] }: LessonRoute, { match: taken }: HttpRoute): boolean {
  const uris = match.map(({ uri }) => uri?.exact);
  return taken === undefined || uris.every((uri) => taken.some((one) => one.uri?.exact === uri && uri !== undefined));
}

/** Hosts that two objects of a kind speak for, or workloads that two Sidecars are of. */
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

/** Ways of routes that end nowhere: at no Service, at no port of it, at no subset, or at a subset without a pod. */
export function deadEnds(objects: readonly KubernetesObject[]): string[] {
  return routesIn(objects).flatMap(({ owner, route }) =>
    [...route.route.map(({ destination }) => destination), ...(route.mirror === undefined ? [] : [route.mirror])]
      .filter((destination) => podsAt(destination, objects).length === 0)
      .map(({ host, subset, port }) => `${owner}: ${route.name} to ${subset ?? 'all'} of ${host}:${port.number}`),
  );
}

/** Names of what makes the pods that a destination leads to. */
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

/** Routes that lead to every version of a service, where others lead to one: they share calls out that are not theirs. */
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

/** Routes whose weights are not all of the calls. */
export function wrongWeights(objects: readonly KubernetesObject[]): string[] {
  return routesIn(objects)
    .filter(({ route: { route } }) => route.reduce((sum, { weight = 100 }) => sum + weight, 0) !== 100)
    .map(({ owner, route }) => `${owner}: ${route.name}`);
}
