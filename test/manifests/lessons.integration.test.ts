import { containerOf, environmentOf } from './base.ts';
import { workloadsOf } from './kubernetes-objects.ts';
import { rendered } from './kustomize.ts';
import { appliedBy, type Lesson, lessons, over } from './lessons.ts';
import { danglingIn } from './references.ts';

const shop = rendered('kubernetes-manifests/profiles/istio');
const all = lessons().map((lesson): [string, Lesson] => [lesson.name, lesson]);
const added = workloadsOf(all.flatMap(([, lesson]) => appliedBy(lesson)));

/** What each pod of the lessons is told otherwise than its service. */
const TOLD: Readonly<Record<string, readonly string[]>> = {
  'frontend-v2': ['BANNER_COLOR', 'FRONTEND_MESSAGE'],
  'loadgenerator-plaintext': ['USERS'],
  'productcatalogservice-v2': ['EXTRA_LATENCY'],
  'productcatalogservice-v3': ['PORT'],
};

describe('beside the shop as it is in the mesh', () => {
  it('every pod of it has its version', () => {
    const own = workloadsOf(shop).filter(({ labels }) => labels['app.kubernetes.io/part-of'] === 'mercato');
    expect(own.length).toBeGreaterThan(10);
    expect(own.filter(({ labels }) => labels.version !== 'v1').map(({ name }) => name)).toEqual([]);
  });

  it.each(Object.entries(TOLD))('%s is told what its service is told, and %j', (name, own) => {
    const workload = added.find((one) => one.name === name);
    const mine = environmentOf(
      containerOf(
        added.map(({ object }) => object),
        name,
      ),
    );
    const theirs = environmentOf(containerOf(shop, workload?.pod.serviceAccountName ?? ''));
    const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])];
    expect(names.filter((variable) => mine[variable] !== theirs[variable]).sort()).toEqual(own);
  });

  it.each(all)('nothing leads to what is not there: %s', (_name, lesson) => {
    expect(danglingIn(over(shop, appliedBy(lesson)))).toEqual([]);
  });
});
