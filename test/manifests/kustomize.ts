import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { COMPONENTS, SHOP } from './components.ts';
import { type KubernetesObject, objectsOf } from './kubernetes-objects.ts';
import { kustomizationIn } from './kustomization.ts';

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The objects that kustomize renders from a folder.
 *
 * @throws {Error} when it fails or is not installed: `scripts/install-kustomize.sh` installs it
 */
export function rendered(folder: string): KubernetesObject[] {
  const options = { encoding: 'utf8', maxBuffer: MAX_BYTES } as const;
  const text = execFileSync(projectPath('var/tools/kustomize'), ['build', folder], options);
  return text.split(/^---$/m).flatMap(parsed);
}

// Renderings share most of their objects, and parsing takes longer than rendering.
const known = new Map<string, KubernetesObject[]>();

function parsed(document: string): KubernetesObject[] {
  const objects = known.get(document) ?? objectsOf(document);
  known.set(document, objects);
  return objects;
}

const shops = new Map<string, readonly KubernetesObject[]>();

/** The objects of the shop with these components, in this order. */
export function renderedShop(components: readonly string[]): readonly KubernetesObject[] {
  const key = components.join();
  const objects = shops.get(key) ?? renderShop(components);
  shops.set(key, objects);
  return objects;
}

function renderShop(components: readonly string[]): KubernetesObject[] {
  return renderedWith(
    SHOP,
    components.map((name) => `${COMPONENTS}/${name}`),
  );
}

/** The objects of a kustomization with some components, all given as folders of the project. */
export function renderedWith(resource: string, components: readonly string[]): KubernetesObject[] {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mercato-shop-')));
  const from = (path: string): string => relative(folder, projectPath(path));
  const kustomization = {
    namespace: kustomizationIn(resource).namespace,
    resources: [from(resource)],
    components: components.map(from),
  };
  try {
    writeFileSync(join(folder, 'kustomization.yaml'), stringify(kustomization));
    return rendered(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
