import { existsSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { foldersIn, readSource } from '../architecture/source-files.ts';
import { COMPONENTS, SHOP } from './components.ts';
import { resourcesIn } from './kustomization.ts';

/** The Service that Istio generates for the Gateway of Gateway API. */
const GENERATED_BY_ISTIO = ['service/storefront-istio'];
const MESH_NAMESPACE = / (?:--namespace|-n) istio-system/;

/** The lines of a document's `sh` blocks; each line is one command. */
function commandsIn(text: string): string[] {
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block]) => (block ?? '').trim().split('\n'));
}

describe.each(['docs/kubernetes.md', 'docs/mesh.md'])('the commands of %s', (path) => {
  const commands = commandsIn(readSource(path).text);
  const namedIn = (pattern: RegExp): string[] =>
    commands
      .filter((command) => !MESH_NAMESPACE.test(command))
      .flatMap((command) => [...command.matchAll(pattern)].map((match) => match[1] ?? ''));

  it('every applied kustomization exists', () => {
    const paths = namedIn(/ -k (\S+)/g);
    expect(paths.some((named) => named.startsWith(SHOP))).toBe(true);
    expect(paths.filter((named) => !existsSync(projectPath(named, 'kustomization.yaml')))).toEqual([]);
  });

  it('every named object is deployed by a manifest, and every named profile and module is in skaffold.yaml', () => {
    const folders = ['base', 'components/observability', 'verify'].map((folder) => `${SHOP}/${folder}`);
    const objects = folders.flatMap(resourcesIn).map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`);
    const named = namedIn(/ ((?:deployment|service|job)\/[a-z-]+)/g);
    expect(named).toContain('deployment/frontend');
    expect(named.filter((name) => !objects.includes(name) && !GENERATED_BY_ISTIO.includes(name))).toEqual([]);

    const configs = parseAllDocuments(readSource('skaffold.yaml').text).map((document) => document.toJS() as Config);
    const profiles = configs.flatMap((config) => config.profiles ?? []).map(({ name }) => name);
    expect(namedIn(/ --profile (\S+)/g).filter((name) => !profiles.includes(name))).toEqual([]);
    const modules = configs.map(({ metadata }) => metadata.name);
    expect(namedIn(/ --module (\S+)/g).filter((name) => !modules.includes(name))).toEqual([]);
  });

  it('every named script exists', () => {
    expect(namedIn(/ (scripts\/\S+)/g).filter((named) => !existsSync(projectPath(named)))).toEqual([]);
  });
});

describe('docs/kubernetes.md', () => {
  it('the table of components lists every kustomize component', () => {
    const { text } = readSource('docs/kubernetes.md');
    const listed = [...text.matchAll(/^\| \[([a-z-]+)\]\(\.\.\/kubernetes-manifests\/components\/([a-z-]+)\) \|/gm)];
    expect(listed.map(([, name]) => name)).toEqual([...foldersIn(COMPONENTS)].sort());
    expect(listed.map(([, , folder]) => folder)).toEqual(listed.map(([, name]) => name));
  });
});

type Config = {
  readonly metadata: { readonly name: string };
  readonly profiles?: readonly { readonly name: string }[];
};
