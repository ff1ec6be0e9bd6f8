import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { environment } from '../../src/lib/config/config.ts';
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
  // A third of the CPU time of a rendering is garbage collection, which its 100 MB of memory do not need.
  const env = { ...environment(), GOGC: 'off' };
  const options = { encoding: 'utf8', maxBuffer: MAX_BYTES, env } as const;
  const text = execFileSync(projectPath('var/tools/kustomize'), ['build', folder], options);
  return text.split(/^---$/m).flatMap(objectsOf);
}

const shops = new Map<string, readonly KubernetesObject[]>();

/** The objects of the shop with these components, in this order. Every combination is rendered once in a test run. */
export function renderedShop(components: readonly string[]): readonly KubernetesObject[] {
  const key = components.join();
  const objects = shops.get(key) ?? renderedBefore(key) ?? renderShop(components);
  shops.set(key, objects);
  return objects;
}

function renderShop(components: readonly string[]): KubernetesObject[] {
  const objects = renderedWith(
    SHOP,
    components.map((name) => `${COMPONENTS}/${name}`),
  );
  keep(components.join(), objects);
  return objects;
}

/** What another test file rendered in this test run. */
function renderedBefore(key: string): KubernetesObject[] | undefined {
  const path = keptAt(key);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as KubernetesObject[]) : undefined;
}

function keep(key: string, objects: readonly KubernetesObject[]): void {
  const path = keptAt(key);
  // Two workers may render the same combination: the renaming is atomic.
  const unfinished = `${path}.${randomUUID()}`;
  writeFileSync(unfinished, JSON.stringify(objects));
  renameSync(unfinished, path);
}

/** The file of a combination, in the folder that test/global-setup.js makes for the test run. */
function keptAt(key: string): string {
  const { RENDERINGS_DIR = '' } = environment();
  return join(RENDERINGS_DIR, `${createHash('sha256').update(key).digest('hex')}.json`);
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
