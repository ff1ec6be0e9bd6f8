import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import type { KubernetesObject } from './kubernetes-objects.ts';

const DEFINITIONS = '_definitions.json';

/**
 * The faults of objects by the schemas of a version of Kubernetes, one line each. Unknown fields and kinds are faults.
 *
 * @throws {Error} when kubernetes-validate is not installed: `scripts/install-manifest-tools.sh` installs it
 */
export function schemaFaults(objects: readonly KubernetesObject[], version: string): string[] {
  const validatorOf = known.get(version) ?? validators(version);
  known.set(version, validatorOf);
  return objects.flatMap((object) => {
    const type = `${object.apiVersion} ${object.kind}`;
    const validate = validatorOf(object);
    if (validate === undefined) return [`${type} ${object.metadata.name}: Kubernetes ${version} has no schema of it`];
    validate(object);
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${type} ${object.metadata.name}${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  });
}

const known = new Map<string, ReturnType<typeof validators>>();

/** Compiles the schema of a kind when the first object of the kind is checked. */
function validators(version: string): (object: KubernetesObject) => ValidateFunction | undefined {
  const folder = schemaFolder(version);
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, validateSchema: false });
  ajv.addSchema(schemaIn(folder, DEFINITIONS), DEFINITIONS);
  return ({ apiVersion, kind }) => {
    const name = schemaName(apiVersion, kind);
    if (!existsSync(join(folder, name))) return undefined;
    return ajv.getSchema(name) ?? ajv.addSchema(schemaIn(folder, name), name).getSchema(name);
  };
}

/** File names omit the domain of a group: `horizontalpodautoscaler-autoscaling-v2.json`, `role-rbac-v1.json`. */
function schemaName(apiVersion: string, kind: string): string {
  const [group = '', version] = apiVersion.split('/');
  const parts = version === undefined ? [group] : [group.split('.')[0], version];
  return `${[kind.toLowerCase(), ...parts].join('-')}.json`;
}

/** The schemas of a version that reject unknown fields, as kubernetes-validate carries them. */
function schemaFolder(version: string): string {
  const lib = join(dirname(realpathSync(projectPath('var/tools/kubernetes-validate'))), '..', 'lib');
  const python = readdirSync(lib).find((name) => name.startsWith('python')) ?? '';
  return join(
    lib,
    python,
    'site-packages',
    'kubernetes_validate',
    'kubernetes-json-schema',
    `v${version}.0-local-strict`,
  );
}

function schemaIn(folder: string, name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>;
}
