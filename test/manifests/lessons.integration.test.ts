import { containerOf, environmentOf } from './base.ts';
import { workloadsOf } from './kubernetes-objects.ts';
import { rendered } from './kustomize.ts';
import { appliedBy, type Lesson, lessons, over } from './lessons.ts';
import { danglingIn } from './references.ts';

const shop = rendered('kubernetes-manifests/profiles/istio');
const all = lessons().map((lesson): [string, Lesson] => [lesson.name, lesson]);
const added = workloadsOf(all.flatMap(([, lesson]) => appliedBy(lesson)));

/** The environment variables in which each Deployment of the lessons differs from its service. */
const DIFFERENCES: Readonly<Record<string, readonly string[]>> = {
  'frontend-v2': ['BANNER_COLOR', 'FRONTEND_MESSAGE'],
  'loadgenerator-plaintext': ['USERS'],
  'productcatalogservice-v2': ['EXTRA_LATENCY'],
  'productcatalogservice-v3': ['PORT'],
};

describe('the lessons, applied over the profile istio', () => {
  it('every pod of the shop has the label version: v1', () => {
    const shopWorkloads = workloadsOf(shop).filter(({ labels }) => labels['app.kubernetes.io/part-of'] === 'mercato');
    expect(shopWorkloads.length).toBeGreaterThan(10);
    expect(shopWorkloads.filter(({ labels }) => labels.version !== 'v1').map(({ name }) => name)).toEqual([]);
  });

  it.each(Object.entries(DIFFERENCES))(
    'the environment of %s differs from that of its service in %j only',
    (name, variables) => {
      const workload = added.find((one) => one.name === name);
      const environment = environmentOf(
        containerOf(
          added.map(({ object }) => object),
          name,
        ),
      );
      const original = environmentOf(containerOf(shop, workload?.pod.serviceAccountName ?? ''));
      const names = [...new Set([...Object.keys(environment), ...Object.keys(original)])];
      expect(names.filter((variable) => environment[variable] !== original[variable]).sort()).toEqual(variables);
    },
  );

  it.each(all)('every reference to another object resolves: %s', (_name, lesson) => {
    expect(danglingIn(over(shop, appliedBy(lesson)))).toEqual([]);
  });
});
