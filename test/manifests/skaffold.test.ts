import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { foldersIn, readSource } from '../architecture/source-files.ts';
import { SHOP } from './components.ts';
import { objectsIn, workloadsOf } from './kubernetes-objects.ts';
import { kustomizationIn, kustomizationsBelow, resourcesIn } from './kustomization.ts';

type Env = readonly { readonly name: string; readonly value: string }[];
type PortForward = {
  readonly resourceType: string;
  readonly resourceName: string;
  readonly namespace: string;
  readonly port: number;
  readonly localPort: number;
};
type Profile = {
  readonly name: string;
  readonly manifests?: { readonly kustomize: { readonly paths: readonly string[] } };
  readonly portForward?: readonly PortForward[];
};
type Artifact = { readonly image: string };
type Config = {
  readonly apiVersion: string;
  readonly metadata: { readonly name: string };
  readonly build?: { readonly artifacts: readonly Artifact[] };
  readonly manifests?: { readonly kustomize: { readonly paths: readonly string[] } };
  readonly deploy?: {
    readonly kubectl: {
      readonly defaultNamespace?: string;
      readonly hooks: { readonly before: readonly { readonly host: { readonly command: readonly string[] } }[] };
    };
  };
  readonly portForward?: readonly PortForward[];
  readonly profiles?: readonly Profile[];
  readonly verify?: readonly {
    readonly container: { readonly name: string; readonly image: string };
    readonly executionMode: { readonly kubernetesCluster: { readonly jobManifestPath: string } };
  }[];
};

const configs = parseAllDocuments(readSource('skaffold.yaml').text).map((document) => document.toJS() as Config);
const shop = configs.filter(({ build }) => build === undefined);
const modules = configs.filter(({ build }) => build !== undefined);

const base = resourcesIn(`${SHOP}/base`);
const workloads = workloadsOf(base);
const observability = resourcesIn(`${SHOP}/components/observability`);

const NAMESPACE = 'mercato';
const INSPECTOR_PORT = 9229;
/** Profiles that include the component observability. */
const OBSERVED: readonly string[] = (shop[0]?.profiles ?? [])
  .filter(({ name }) =>
    kustomizationIn(`${SHOP}/profiles/${name}`).components.some((path) => path.endsWith('/observability')),
  )
  .map(({ name }) => name);

/** Ports of the object that a port forward names; undefined if the profile does not deploy it. */
function portsOf({ resourceType, resourceName }: PortForward, profile: string): readonly number[] | undefined {
  const deployed = OBSERVED.includes(profile) ? [...base, ...observability] : base;
  const found = deployed.find(
    ({ kind, metadata }) => kind.toLowerCase() === resourceType && metadata.name === resourceName,
  );
  if (found === undefined) return undefined;
  const [workload] = workloadsOf([found]);
  if (workload === undefined) return found.spec?.ports?.map(({ port }) => port);
  const ports = (workload.pod.containers[0]?.ports ?? []).map(({ containerPort }) => containerPort);
  // Node's inspector runs in the services of the shop only.
  const isInspected = profile === 'debug' && workload.labels['app.kubernetes.io/part-of'] === 'mercato';
  return isInspected ? [...ports, INSPECTOR_PORT] : ports;
}

describe('skaffold', () => {
  it('deploys every image that it builds, and builds every image of the project', () => {
    const images = workloads.map(({ pod }) => pod.containers[0]?.image ?? '');
    const ofProject = images.filter((image) => image.startsWith('mercato/')).map((image) => image.split(':')[0]);
    const built = modules.flatMap(({ build }) => build?.artifacts ?? []).map(({ image }) => image);
    expect(new Set(built)).toEqual(new Set(ofProject));
  });

  it('deploys the default kustomization, or a profile that exists', () => {
    expect(shop.map(({ metadata, manifests }) => [metadata.name, manifests])).toEqual([
      ['mercato', { kustomize: { paths: [SHOP] } }],
    ]);
    const profiles = shop[0]?.profiles ?? [];
    expect(profiles.map(({ name }) => name).sort()).toEqual(foldersIn(`${SHOP}/profiles`));
    for (const { name, manifests } of profiles) {
      expect(manifests?.kustomize.paths[0]).toBe(`${SHOP}/profiles/${name}`);
      for (const path of manifests?.kustomize.paths ?? []) {
        expect({ path, isThere: existsSync(projectPath(path, 'kustomization.yaml')) }).toEqual({ path, isThere: true });
      }
    }
  });

  it('leaves the namespace of each object to the manifests, whatever namespace the current context has', () => {
    // With --namespace kubectl refuses every object of another namespace.
    expect(shop.map(({ deploy }) => deploy?.kubectl.defaultNamespace)).toEqual(['']);
    const paths = (shop[0]?.profiles ?? []).flatMap(({ manifests }) => manifests?.kustomize.paths ?? []);
    const namespaces = [SHOP, ...paths].map((path) => kustomizationIn(path).namespace);
    expect(namespaces).not.toContain(undefined);
    expect(new Set(namespaces).size).toBeGreaterThan(1);
  });

  it('creates the passwords of the databases before it deploys, in every profile', () => {
    const commands = shop.flatMap(({ deploy }) => deploy?.kubectl.hooks.before ?? []).map(({ host }) => host.command);
    expect(commands).toEqual([['sh', 'scripts/kubernetes/create-database-secrets.sh']]);
    for (const [, script = ''] of commands) expect(existsSync(projectPath(script))).toBe(true);
    // A profile with a `deploy` would replace the hook.
    for (const profile of shop[0]?.profiles ?? []) expect(profile).not.toHaveProperty('deploy');
  });

  it('watches every file that a ConfigMap is generated from, which takes entries without a key', () => {
    const entries = kustomizationsBelow(SHOP).flatMap((folder) =>
      kustomizationIn(folder).configMapGenerator.flatMap(({ files = [] }) => files),
    );
    expect(entries).not.toEqual([]);
    expect(entries.filter((entry) => entry.includes('='))).toEqual([]);
  });

  it('forwards ports that are open to different local ports', () => {
    const sets = [{ name: '', portForward: shop[0]?.portForward }, ...(shop[0]?.profiles ?? [])];
    const all = sets.flatMap(({ name, portForward }) =>
      portForward ? [{ profile: name, forwards: portForward }] : [],
    );
    expect(all.length).toBeGreaterThan(1);
    for (const { profile, forwards } of all) {
      expect(new Set(forwards.map(({ localPort }) => localPort)).size).toBe(forwards.length);
      for (const forward of forwards) {
        const isThere = portsOf(forward, profile)?.includes(forward.port) ?? false;
        expect({ profile, ...forward, isThere }).toEqual({ profile, ...forward, namespace: NAMESPACE, isThere: true });
      }
    }
  });

  it('verifies the shop with the container of the Job', () => {
    const [verify, ...others] = configs.flatMap((config) => config.verify ?? []);
    expect(others).toEqual([]);
    const path = verify?.executionMode.kubernetesCluster.jobManifestPath ?? '';
    const [job] = objectsIn([path]) as unknown as { spec: { template: { spec: { containers: unknown[] } } } }[];
    const [container] = (job?.spec.template.spec.containers ?? []) as { name: string; image: string; env: Env }[];
    expect(container).toMatchObject({
      name: verify?.container.name,
      image: `${verify?.container.image}:dev`,
    });
    // Variables in skaffold.yaml would be in the pod twice.
    expect(verify?.container).not.toHaveProperty('env');
    expect(container?.env.map(({ name }) => name)).toContain('FRONTEND_ADDR');
    expect(path.startsWith(join(SHOP, 'verify'))).toBe(true);
  });
});
