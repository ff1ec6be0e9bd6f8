import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { serviceNames } from '../../src/topology.ts';
import { lineCount } from '../architecture/file-rules.ts';
import { foldersIn, readSource } from '../architecture/source-files.ts';
import { COMPONENTS, componentNames, KNATIVE_SERVICES, SHOP, SWAPS } from './components.ts';
import { filesOf, generatedIn, kustomizationIn, kustomizationsBelow } from './kustomization.ts';

const MAX_README_LINES = 30;
/** READMEs that are longer, and why. */
const LONGER: Readonly<Record<string, number>> = {
  // Five servers and an agent.
  observability: 40,
};

describe('the components', () => {
  it('are of one concern each', () => {
    expect(foldersIn(COMPONENTS)).toEqual([
      'autoscaling',
      'client-side-discovery',
      'container-images-tag',
      'custom-base-url',
      'google-boutique-swap',
      'knative',
      'network-policies',
      'observability',
      'single-shared-session',
      'without-loadgenerator',
    ]);
  });

  it('have a swap for every service', () => {
    expect(foldersIn(`${COMPONENTS}/${SWAPS}`)).toEqual([...serviceNames].sort());
  });

  it('are listed in the default set, to be chosen from', () => {
    const { text } = readSource(`${SHOP}/kustomization.yaml`);
    const listed = [...text.matchAll(/^# - components\/(\S+)$/gm)].map((match) => match[1] ?? '');
    const [swap] = listed.filter((name) => name.startsWith(SWAPS));
    expect(listed).toEqual(componentNames().filter((name) => !name.startsWith(SWAPS) || name === swap));
    expect(kustomizationIn(SHOP).components).toEqual([]);
  });

  it.each(foldersIn(COMPONENTS))('say what they change, how to use them and what to see: %s', (name) => {
    const { text } = readSource(`${COMPONENTS}/${name}/README.md`);
    expect(lineCount(text)).toBeLessThanOrEqual(LONGER[name] ?? MAX_README_LINES);
    const used = [...text.matchAll(/- components\/(\S+)/g)].map((match) => match[1] ?? '');
    expect(used).not.toEqual([]);
    for (const one of used) expect(componentNames()).toContain(one);
    for (const [, link = ''] of text.matchAll(/\]\(([^)#]+)\)/g)) {
      if (!link.startsWith('http')) expect(existsSync(projectPath(COMPONENTS, name, link))).toBe(true);
    }
  });

  it('that contradict each other in part say so, both of them', () => {
    const of = (name: string): string => readSource(`${COMPONENTS}/${name}/README.md`).text;
    expect(of('knative')).toContain('`client-side-discovery`');
    expect(of('knative')).toContain(`\`${SWAPS}\``);
    expect(of('client-side-discovery')).toContain('`knative`');
    expect(of(SWAPS)).toContain('`knative`');
  });
});

describe.each(kustomizationsBelow(SHOP))('the kustomization in %s', (folder) => {
  const { resources, components, kind } = kustomizationIn(folder);
  const generated = [...generatedIn(folder).values()].flatMap((files) => [...files.values()]);

  it('names what is there, and leaves no file out', () => {
    const named = [...resources, ...components].map((path) => join(folder, path));
    expect([...named, ...generated].filter((path) => !existsSync(projectPath(path)))).toEqual([]);
    const files = filesOf(folder).filter((path) => !/\/(?:README\.md|kustomization\.yaml)$/.test(path));
    expect(files.filter((path) => ![...named, ...generated].includes(path))).toEqual([]);
  });

  it('is a component where components are', () => {
    const isComponent = folder.startsWith(`${COMPONENTS}/`) && !folder.endsWith('/log-agent');
    expect(kind).toBe(isComponent ? 'Component' : 'Kustomization');
  });
});

describe('the table of the swaps', () => {
  it('tells of every service', () => {
    const { text } = readSource(`${COMPONENTS}/${SWAPS}/README.md`);
    for (const name of serviceNames) expect(text).toMatch(new RegExp(`^\\| [^|]*\\b${name}\\b`, 'm'));
  });
});

describe('the services of Knative', () => {
  it('are those of its files', () => {
    const { resources } = kustomizationIn(`${COMPONENTS}/knative/services`);
    expect(resources).toEqual(KNATIVE_SERVICES.map((name) => `${name}.yaml`));
  });
});
