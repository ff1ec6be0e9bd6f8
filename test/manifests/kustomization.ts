import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { pathsBelow, readSource } from '../architecture/source-files.ts';
import { type KubernetesObject, objectsIn } from './kubernetes-objects.ts';

type Generator = { readonly name: string; readonly files?: readonly string[]; readonly literals?: readonly string[] };

/** The fields of a kustomization that the tests use. */
export type Kustomization = {
  readonly kind: string;
  readonly namespace?: string;
  readonly resources: readonly string[];
  readonly components: readonly string[];
  readonly configMapGenerator: readonly Generator[];
  readonly images: readonly { readonly name: string; readonly newTag?: string }[];
  readonly replacements?: readonly {
    readonly targets: readonly { readonly select: { readonly kind: string; readonly labelSelector: string } }[];
  }[];
};

const read = new Map<string, unknown>();

/** Reads a file of the project as YAML. */
export function readYaml<T>(path: string): T {
  const value = read.get(path) ?? parse(readSource(path).text);
  read.set(path, value);
  return value as T;
}

const NOTHING = { resources: [], components: [], configMapGenerator: [], images: [] };

/** The kustomization of a folder; a list that it does not have is empty. */
export function kustomizationIn(folder: string): Kustomization {
  return { ...NOTHING, ...readYaml<Kustomization>(join(folder, 'kustomization.yaml')) };
}

/** The resources of a folder's kustomization, without generated objects. */
export function resourcesIn(folder: string): KubernetesObject[] {
  return objectsIn(kustomizationIn(folder).resources.map((path) => join(folder, path)));
}

/** Paths of the generated files of a folder, by ConfigMap and key. */
export function generatedIn(folder: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const generators = kustomizationIn(folder).configMapGenerator;
  return new Map(
    generators.map(({ name, files = [] }) => [
      name,
      new Map(
        files.map((file) => {
          const [key = '', path = key] = file.split('=');
          return [key.slice(key.lastIndexOf('/') + 1), join(folder, path)] as const;
        }),
      ),
    ]),
  );
}

/** Folders of all kustomizations in a folder and below it, from the project's root. */
export function kustomizationsBelow(folder: string): string[] {
  return pathsBelow(folder)
    .filter((path) => basename(path) === 'kustomization.yaml')
    .map(dirname);
}

/** Paths of all files in a folder and below it, except those of another kustomization. */
export function filesOf(folder: string): string[] {
  const others = kustomizationsBelow(folder).filter((other) => other !== folder);
  return pathsBelow(folder).filter((path) => !others.some((other) => path.startsWith(`${other}/`)));
}
