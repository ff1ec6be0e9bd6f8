import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { foldersIn, pathsBelow, readSource } from '../architecture/source-files.ts';
import { type KubernetesObject, objectsIn } from './kubernetes-objects.ts';

/** The component, from the project's root. */
export const COMPONENT = 'kubernetes-manifests/components/observability';

/** The log agent, a kustomization of its own. */
export const LOG_AGENT = `${COMPONENT}/log-agent`;

type Generator = { readonly name: string; readonly files?: readonly string[]; readonly literals?: readonly string[] };

/** A kustomization, as far as it is looked at here. */
export type Kustomization = {
  readonly kind: string;
  readonly namespace?: string;
  readonly resources: readonly string[];
  readonly configMapGenerator: readonly Generator[];
  readonly replacements?: readonly {
    readonly targets: readonly { readonly select: { readonly kind: string; readonly labelSelector: string } }[];
  }[];
};

/** Reads a file of the project as YAML. */
export function readYaml<T>(path: string): T {
  return parse(readSource(path).text) as T;
}

/** The kustomization of a folder. */
export function kustomizationIn(folder: string): Kustomization {
  return readYaml<Kustomization>(join(folder, 'kustomization.yaml'));
}

/** The objects that the kustomization of a folder applies, without what it generates. */
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

/** Paths of all files that lie in a folder and those below it, but for those of another kustomization. */
export function filesOf(folder: string): string[] {
  const others = foldersIn(folder)
    .map((name) => join(folder, name))
    .filter((path) => pathsBelow(path).includes(join(path, 'kustomization.yaml')));
  return pathsBelow(folder).filter((path) => !others.some((other) => dirname(path).startsWith(other)));
}

/** Every value below a key of this name, however deep. */
export function valuesOf(key: string, tree: unknown): unknown[] {
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([name, value]) => [...(name === key ? [value] : []), ...valuesOf(key, value)]);
}

/** `host:port` of every Service of the component, as its own namespace knows them. */
export function serviceAddresses(): string[] {
  const services = resourcesIn(COMPONENT).filter(({ kind }) => kind === 'Service');
  return services.flatMap(({ metadata, spec }) => (spec?.ports ?? []).map(({ port }) => `${metadata.name}:${port}`));
}
