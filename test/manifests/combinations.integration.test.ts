import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { COMPONENTS, componentNames, KNATIVE_SERVICES, SHOP, SWAPS } from './components.ts';
import { coveringSets } from './covering-sets.ts';
import { definitionFaults } from './custom-resources.ts';
import { type KubernetesObject, workloadsOf } from './kubernetes-objects.ts';
import { kustomizationIn, kustomizationsBelow } from './kustomization.ts';
import { rendered, renderedShop } from './kustomize.ts';
import { faultsOf, TOLERATED } from './pod-policies.ts';
import { danglingIn } from './references.ts';
import { schemaFaults } from './schemas.ts';

/** The oldest and the newest supported Kubernetes. */
const KUBERNETES = ['1.34', '1.37'];

/** A Knative Service cannot set automountServiceAccountToken; its ServiceAccount does. */
const OF_KNATIVE = ['the pod mounts a Kubernetes API token'];
/** Online Boutique's load generator has no port. */
const OF_LOCUST = ['loadgenerator lacks a readiness or liveness probe'];

const names = componentNames();
const swaps = names.filter((name) => name.startsWith(`${SWAPS}/`));
const others = names.filter((name) => !swaps.includes(name));
const swapsBesideKnative = swaps.filter((name) => !KNATIVE_SERVICES.some((service) => name.endsWith(`/${service}`)));

/** All distinct rendered objects, by their JSON. */
const seen = new Map<string, KubernetesObject>();

function noted(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  for (const object of objects) seen.set(JSON.stringify(object), object);
  return objects;
}

/** The faults of the shop with these components. */
function faultsWith(components: readonly string[]): string[] {
  const objects = noted(renderedShop(components));
  const faults = workloadsOf(objects).flatMap((workload) => {
    const { name, object, pod } = workload;
    const allowed = [
      ...(TOLERATED[name] ?? []),
      ...(object.apiVersion.startsWith('serving.knative.dev/') ? OF_KNATIVE : []),
      ...(pod.containers[0]?.image.includes('google-samples/microservices-demo/loadgenerator') ? OF_LOCUST : []),
    ];
    return faultsOf(workload)
      .filter((fault) => !allowed.includes(fault))
      .map((fault) => `${name}: ${fault}`);
  });
  const elsewhere = objects.filter(({ metadata }) => !['mercato', undefined].includes(metadata.namespace));
  return [...faults, ...danglingIn(objects), ...elsewhere.map(({ metadata }) => `not in mercato: ${metadata.name}`)];
}

/** The rendered objects in a canonical order. */
function unordered(objects: readonly KubernetesObject[]): unknown {
  const sorted = objects.map((object) =>
    JSON.stringify(object, (key, value: unknown) =>
      key === 'env' && Array.isArray(value)
        ? [...(value as { name: string }[])].sort((one, other) => one.name.localeCompare(other.name))
        : value,
    ),
  );
  return sorted.sort();
}

describe('every kustomization', () => {
  const applied = kustomizationsBelow(SHOP).filter((folder) => kustomizationIn(folder).kind === 'Kustomization');

  it.each(applied)('renders: %s', (folder) => {
    expect(noted(rendered(projectPath(folder))).length).toBeGreaterThan(0);
  });
});

describe('every component', () => {
  it.each(names)('renders alone and changes something: %s', (name) => {
    // A part of another component changes nothing alone.
    const bases = names.filter((base) => name.startsWith(`${base}/`));
    expect(faultsWith([...bases, name])).toEqual([]);
    expect(unordered(renderedShop([...bases, name]))).not.toEqual(unordered(renderedShop(bases)));
  });

  it.each(coveringSets([...others, SWAPS]).map((set, index) => [index + 1, set] as const))(
    'renders with other components, where any three are present or absent: set %i',
    (_index, set) => {
      const allowedSwaps = set.includes('knative') ? swapsBesideKnative : swaps;
      const components = [...(set.includes(SWAPS) ? allowedSwaps : []), ...set.filter((name) => name !== SWAPS)];
      expect({ components, faults: faultsWith(components) }).toEqual({ components, faults: [] });
    },
  );
});

describe('all components together', () => {
  const beforeKnative = others.filter((name) => name !== 'knative');
  const inFlight = 'autoscaling/in-flight';

  it('render, with every swap of a service', () => {
    expect(faultsWith([...beforeKnative, ...swaps])).toEqual([]);
    expect(faultsWith([...beforeKnative, ...swapsBesideKnative, 'knative'])).toEqual([]);
  });

  it('render the same in another order, except those that must follow another one', () => {
    const backwards = [...beforeKnative, ...swaps].reverse().filter((name) => name !== inFlight);
    expect(unordered(renderedShop([...backwards, inFlight]))).toEqual(
      unordered(renderedShop([...beforeKnative, ...swaps])),
    );
  });
});

describe('a service on Knative', () => {
  it.each(KNATIVE_SERVICES)('cannot be swapped for the image of Online Boutique: %s', (service) => {
    const objects = renderedShop([`${SWAPS}/${service}`, 'knative']);
    const [container] = workloadsOf(objects).find(({ name }) => name === service)?.pod.containers ?? [];
    // Knative sets it, and rejects a Service that sets it.
    expect(container?.env?.map(({ name }) => name)).toContain('PORT');
  });
});

describe('the schemas of Kubernetes', () => {
  // The kinds of Knative and Istio have their own definitions.
  const isForeign = ({ apiVersion }: KubernetesObject): boolean =>
    /^serving\.knative\.dev\/|\.istio\.io\//.test(apiVersion);
  const known = (): KubernetesObject[] => [...seen.values()].filter((object) => !isForeign(object));

  it.each(KUBERNETES)('accept everything that was rendered: %s', (version) => {
    expect(known().length).toBeGreaterThan(100);
    expect(schemaFaults(known(), version)).toEqual([]);
  });

  it('accept the objects of Knative and Istio by their own definitions', () => {
    const foreign = [...seen.values()].filter(isForeign);
    expect(new Set(foreign.map(({ apiVersion }) => apiVersion.split('/')[0])).size).toBeGreaterThan(3);
    expect(definitionFaults(foreign, 'istio-newest', 'knative')).toEqual([]);
  });

  it.each(KUBERNETES)('reject unknown fields: %s', (version) => {
    const [service] = known().filter(({ kind, metadata }) => kind === 'Service' && metadata.name === 'cartservice');
    const strange = { ...service, spec: { ...service?.spec, port: 7070 } } as unknown as KubernetesObject;
    const unknown = { ...service, kind: 'Servise' } as KubernetesObject;
    expect(schemaFaults([strange], version)).toEqual([expect.stringContaining('{"additionalProperty":"port"}')]);
    expect(schemaFaults([unknown], version)).toEqual([expect.stringContaining('Servise')]);
  });
});

describe(`a component in ${COMPONENTS}`, () => {
  it('changes nothing unless it is listed', () => {
    expect(unordered(rendered(projectPath(SHOP)))).toEqual(unordered(renderedShop([])));
  });
});
