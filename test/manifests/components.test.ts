import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { foldersIn, readSource } from '../architecture/source-files.ts';
import { originalServices } from '../contracts/original-services.ts';
import { COMPONENTS, componentNames, KNATIVE_SERVICES, SHOP, SWAPS } from './components.ts';
import { filesOf, generatedIn, kustomizationIn, kustomizationsBelow } from './kustomization.ts';

describe('the components', () => {
  it('google-boutique-swap has a component for every service of Online Boutique', () => {
    expect(foldersIn(`${COMPONENTS}/${SWAPS}`)).toEqual([...originalServices].sort());
  });

  it('the default kustomization lists every component in a comment and enables none', () => {
    const { text } = readSource(`${SHOP}/kustomization.yaml`);
    const listed = [...text.matchAll(/^# - components\/(\S+)$/gm)].map((match) => match[1] ?? '');
    const [swap] = listed.filter((name) => name.startsWith(SWAPS));
    expect(listed).toEqual(componentNames().filter((name) => !name.startsWith(SWAPS) || name === swap));
    expect(kustomizationIn(SHOP).components).toEqual([]);
  });

  it.each(foldersIn(COMPONENTS))('the README of %s shows how to use it, with components that exist', (name) => {
    const { text } = readSource(`${COMPONENTS}/${name}/README.md`);
    const used = [...text.matchAll(/- components\/(\S+)/g)].map((match) => match[1] ?? '');
    expect(used).not.toEqual([]);
    expect(used.filter((one) => !componentNames().includes(one))).toEqual([]);
  });
});

describe.each(kustomizationsBelow(SHOP))('the kustomization in %s', (folder) => {
  const { resources, components, kind } = kustomizationIn(folder);
  const generated = [...generatedIn(folder).values()].flatMap((files) => [...files.values()]);

  it('the kustomization names only files that exist, and every file of its folder', () => {
    const named = [...resources, ...components].map((path) => join(folder, path));
    expect([...named, ...generated].filter((path) => !existsSync(projectPath(path)))).toEqual([]);
    const files = filesOf(folder).filter((path) => !/\/(?:README\.md|kustomization\.yaml)$/.test(path));
    expect(files.filter((path) => ![...named, ...generated].includes(path))).toEqual([]);
  });

  it('the kustomization is a Component if and only if its folder is below components', () => {
    const isComponent = folder.startsWith(`${COMPONENTS}/`) && !folder.endsWith('/log-agent');
    expect(kind).toBe(isComponent ? 'Component' : 'Kustomization');
  });
});

describe('google-boutique-swap/README.md', () => {
  it('the table has a row for every service that can be swapped', () => {
    const { text } = readSource(`${COMPONENTS}/${SWAPS}/README.md`);
    for (const name of foldersIn(`${COMPONENTS}/${SWAPS}`))
      expect(text).toMatch(new RegExp(`^\\| [^|]*\\b${name}\\b`, 'm'));
  });
});

describe('the services of Knative', () => {
  it('the kustomization of knative lists exactly the services that run on Knative', () => {
    const { resources } = kustomizationIn(`${COMPONENTS}/knative/services`);
    expect(resources).toEqual(KNATIVE_SERVICES.map((name) => `${name}.yaml`));
  });
});
