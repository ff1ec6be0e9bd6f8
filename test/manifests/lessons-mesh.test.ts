import { isDeepStrictEqual } from 'node:util';
import { pathsBelow } from '../architecture/source-files.ts';
import { baseObjects } from './base.ts';
import { type KubernetesObject, objectsIn, type Workload, workloadsOf } from './kubernetes-objects.ts';
import {
  changedRoutes,
  deadEnds,
  doubleClaims,
  overlongRoutes,
  repeatedWrites,
  unpinnedRoutes,
  wrongWeights,
} from './lesson-rules.ts';
import { appliedBy, copyOf, idOf, LESSONS, type Lesson, lessons, over, statesOf, stepsOf } from './lessons.ts';
import {
  type DestinationRule,
  meshObjects,
  ofKind,
  type Sidecar,
  unknownRetryWords,
  type VirtualService,
} from './mesh.ts';
import { faultsOf } from './pod-policies.ts';

/** The label of every VirtualService: an undo applies the routes of the base by it, before the rest of the same files. */
const ROUTES = 'app.kubernetes.io/component=routes';

const mesh = meshObjects();
const shop: readonly KubernetesObject[] = [...baseObjects().map(asVersion1), ...mesh];
const all = lessons().map((lesson): [string, Lesson] => [lesson.name, lesson]);

/** An object with the label `version: v1` that the profile istio adds to pods. */
function asVersion1(object: KubernetesObject): KubernetesObject {
  const copy = copyOf(object);
  const template = copy.spec?.template as { metadata: { labels: Record<string, string> } } | undefined;
  if (template !== undefined) template.metadata.labels.version = 'v1';
  return copy;
}

/** Pairs of an object of the base and the object that replaces it in a state of a lesson. */
function replaced<T extends KubernetesObject>(kind: string, state: readonly KubernetesObject[]): [T, T][] {
  return ofKind<T>(kind, state).flatMap((object) => {
    const before = ofKind<T>(kind, mesh).find(({ metadata }) => metadata.name === object.metadata.name);
    return before === undefined || isDeepStrictEqual(before, object) ? [] : [[before, object] as [T, T]];
  });
}

describe.each(all)('%s', (_name, lesson) => {
  const states = statesOf(lesson, shop);

  it('changes each object that it replaces, and replaces no object of the shop itself', () => {
    const applied = appliedBy(lesson);
    const same = applied.filter((object) => shop.some((one) => isDeepStrictEqual(one, object)));
    expect(same.map(idOf)).toEqual([]);
    const own = new Set(baseObjects().map(idOf));
    expect(applied.map(idOf).filter((id) => own.has(id))).toEqual([]);
    expect(new Set(applied.map(idOf)).size).toBe(applied.length);
  });

  it('keeps the other routes of the base', () => {
    const faults = states.flatMap((state) =>
      replaced<VirtualService>('VirtualService', state).flatMap(([before, after]) => changedRoutes(before, after)),
    );
    expect(faults).toEqual([]);
    const strangers = states.flatMap((state) => ofKind('VirtualService', state)).map(({ metadata }) => metadata.name);
    const known = ofKind('VirtualService', mesh).map(({ metadata }) => metadata.name);
    expect(strangers.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('keeps the rest of the traffic policies of the base', () => {
    for (const [before, after] of states.flatMap((state) => replaced<DestinationRule>('DestinationRule', state))) {
      expect(after.spec.host).toBe(before.spec.host);
      const parts = new Set([...Object.keys(before.spec.trafficPolicy), ...Object.keys(after.spec.trafficPolicy)]);
      const changed = [...parts].filter(
        (part) => !isDeepStrictEqual(before.spec.trafficPolicy[part], after.spec.trafficPolicy[part]),
      );
      expect(changed).toEqual(lesson.name === '06-retry' ? ['outlierDetection'] : []);
    }
  });

  it('adds at most one host to a Sidecar', () => {
    for (const [before, after] of states.flatMap((state) => replaced<Sidecar>('Sidecar', state))) {
      const hostsOf = ({ spec }: Sidecar): string[] => spec.egress.flatMap(({ hosts }) => hosts);
      expect({ ...after.spec, egress: [] }).toEqual({ ...before.spec, egress: [] });
      expect(hostsOf(after).filter((host) => !hostsOf(before).includes(host))).toHaveLength(1);
      expect(hostsOf(before).filter((host) => !hostsOf(after).includes(host))).toEqual([]);
    }
  });

  it('has one VirtualService, one DestinationRule and one Sidecar per host or workload', () => {
    expect(states.flatMap(doubleClaims)).toEqual([]);
  });

  it('routes to existing pods, and every route of a service with subsets to one of them', () => {
    expect(states.flatMap(deadEnds)).toEqual([]);
    expect(states.flatMap(unpinnedRoutes)).toEqual([]);
    expect(states.flatMap(wrongWeights)).toEqual([]);
  });

  it('loses no page: no route can reach a proxy before the subsets and pods that it names', () => {
    for (const { command, before, after } of stepsOf(lesson, shop)) {
      // Proxies receive the changes of one command in any order: routes first, or everything else first.
      const isRoute = ({ kind }: KubernetesObject): boolean => kind === 'VirtualService';
      const routesFirst = [...before.filter((object) => !isRoute(object)), ...after.filter(isRoute)];
      const routesLast = [...before.filter(isRoute), ...after.filter((object) => !isRoute(object))];
      expect({ command, lost: [routesFirst, routesLast, after].flatMap(deadEnds) }).toEqual({ command, lost: [] });
    }
  });

  it('restores the routes first and pauses, so that proxies have them before the subsets disappear', () => {
    const { undo } = lesson;
    const restored = undo.findIndex((command) => command.includes(` -l ${ROUTES}`));
    const usesSubsets = ofKind<DestinationRule>('DestinationRule', appliedBy(lesson)).some(
      ({ spec }) => spec.subsets !== undefined,
    );
    expect(usesSubsets).toBe(restored === 0);
    if (usesSubsets) expect(undo[1]).toBe('sleep 5');
  });

  it('retries and mirrors no write', () => {
    expect(states.flatMap(repeatedWrites)).toEqual([]);
  });

  it('retries on conditions that Envoy knows, without spaces', () => {
    expect(states.flatMap(unknownRetryWords)).toEqual([]);
  });

  it('has no longer timeouts than the base', () => {
    const faults = states.flatMap((state) =>
      replaced<VirtualService>('VirtualService', state).flatMap(([before, after]) => overlongRoutes(before, after)),
    );
    expect(faults).toEqual([]);
  });
});

describe('a pod of the lessons', () => {
  const added = workloadsOf(all.flatMap(([, lesson]) => appliedBy(lesson)));
  const pods = [...new Map(added.map((workload) => [workload.name, workload])).values()];

  it('is in a file of the folder', () => {
    const written = workloadsOf(objectsIn([`${LESSONS}/11-mtls.yaml`, ...pathsBelow(`${LESSONS}/pods`)])).map(
      ({ name }) => name,
    );
    expect(pods.map(({ name }) => name).sort()).toEqual(written.sort());
  });

  it.each(pods)('meets the pod policies: $name', (workload) => {
    // A version shares the ServiceAccount of its service.
    expect(faultsOf({ ...workload, name: workload.pod.serviceAccountName })).toEqual([]);
  });

  it.each(pods)('equals the pod of its service except name, environment, ports and probes: $name', (workload) => {
    const original = originalOf(workload);
    const shape = ({ pod }: Workload): unknown => ({
      ...pod,
      topologySpreadConstraints: [],
      containers: pod.containers.map(({ name: _name, env: _env, ports: _ports, ...container }) => ({
        ...container,
        startupProbe: undefined,
        readinessProbe: undefined,
        livenessProbe: undefined,
      })),
    });
    expect(shape(workload)).toEqual(shape(original));
    const names = (one: Workload): string[] =>
      one.pod.containers.flatMap(({ env = [] }) => env.map(({ name }) => name));
    expect(names(original).filter((name) => !names(workload).includes(name))).toEqual([]);
  });

  it.each(pods)('is selected by its own Deployment only: $name', (workload) => {
    const mine = selectorOf(workload.object);
    const isMine = ({ labels }: Workload): boolean =>
      Object.entries(mine).every(([key, value]) => labels[key] === value);
    expect(
      workloadsOf(
        over(
          shop,
          added.map(({ object }) => object),
        ),
      )
        .filter(isMine)
        .map(({ name }) => name),
    ).toEqual([workload.name]);
  });
});

function originalOf({ name, pod }: Workload): Workload {
  const found = workloadsOf(baseObjects()).find((one) => one.name === pod.serviceAccountName);
  if (found === undefined) throw new Error(`${name} is no version of anything`);
  return found;
}

function selectorOf({ spec }: KubernetesObject): Readonly<Record<string, string>> {
  return spec?.selector?.matchLabels as Readonly<Record<string, string>>;
}
