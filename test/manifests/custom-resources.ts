import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import type { KubernetesObject } from './kubernetes-objects.ts';

/** A set of definitions below `var/tools/crds`; `scripts/install-crds.sh` fetches them. */
export type Definitions = 'istio-oldest' | 'istio-newest' | 'gateway-api' | 'knative';

type Schema = { readonly [keyword: string]: unknown };
type Definition = {
  readonly kind: string;
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
};

/** A duration of Go, the format of every definition: 600ms, 1.5s, 1h30m. */
const DURATION = '^([0-9]+([.][0-9]+)?(ns|us|ms|s|m|h))+$';

/**
 * The faults of objects by their CustomResourceDefinitions, one line each. Unknown fields are faults, although an API
 * server would only drop them; so are kinds and versions without a definition.
 *
 * @throws {Error} when the definitions are not installed
 */
export function definitionFaults(objects: readonly KubernetesObject[], ...sets: readonly Definitions[]): string[] {
  return objects.flatMap((object) => {
    const { apiVersion, kind, metadata } = object;
    const type = `${apiVersion} ${kind}`;
    const validate = sets.map((set) => validatorOf(set, object)).find((found) => found !== undefined);
    if (validate === undefined) return [`${type} ${metadata.name}: no definition of this kind in this version`];
    validate(object);
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${type} ${metadata.name}${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  });
}

const compiled = new Map<string, ValidateFunction | undefined>();

/** Parses and compiles the definition of a kind when the first object of the kind is checked. */
function validatorOf(set: Definitions, { apiVersion, kind }: KubernetesObject): ValidateFunction | undefined {
  const key = `${set} ${apiVersion} ${kind}`;
  if (compiled.has(key)) return compiled.get(key);
  const [group, name] = apiVersion.split('/');
  const version = definitionsIn(set, kind)
    .filter((definition) => definition.spec.group === group)
    .flatMap((definition) => definition.spec.versions)
    .find((one) => one.served && one.name === name);
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, validateSchema: false });
  const validate = version && ajv.compile(strict(version.schema.openAPIV3Schema));
  compiled.set(key, validate);
  return validate;
}

/** The definitions of a kind. The files are long: only the documents that name the kind are parsed. */
function definitionsIn(set: Definitions, kind: string): readonly Definition[] {
  return documentsIn(set)
    .filter((document) => document.includes(`kind: ${kind}\n`))
    .map((document) => parse(document) as Definition | null)
    .filter((definition) => definition !== null)
    .filter((definition) => definition.kind === 'CustomResourceDefinition' && definition.spec.names.kind === kind);
}

const texts = new Map<Definitions, readonly string[]>();

function documentsIn(set: Definitions): readonly string[] {
  const documents =
    texts.get(set) ?? readFileSync(projectPath('var/tools/crds', `${set}.yaml`), 'utf8').split(/^---$/m);
  texts.set(set, documents);
  return documents;
}

/** The schema as JSON Schema that rejects unknown fields. */
function strict(schema: Schema): Schema {
  const { properties, items, additionalProperties, ...others } = schema;
  if (schema['x-kubernetes-int-or-string'] === true) return { type: ['integer', 'string'] };
  const named = properties as Readonly<Record<string, Schema>> | undefined;
  const isOpen = named === undefined || schema['x-kubernetes-preserve-unknown-fields'] === true;
  return {
    ...others,
    ...(named === undefined ? {} : { properties: mapped(named) }),
    ...(isSchema(items) ? { items: strict(items) } : {}),
    ...(isSchema(additionalProperties) ? { additionalProperties: strict(additionalProperties) } : {}),
    ...(isOpen || additionalProperties !== undefined ? {} : { additionalProperties: false }),
    ...(isDuration(schema) ? { pattern: DURATION } : {}),
  };
}

// Every object has apiVersion, kind and metadata, which definitions may omit.
function mapped(named: Readonly<Record<string, Schema>>): Record<string, Schema> {
  const own = Object.entries(named).map(([name, schema]): [string, Schema] => [name, strict(schema)]);
  const always = 'spec' in named ? { apiVersion: {}, kind: {}, metadata: { type: 'object' } } : {};
  return { ...always, ...Object.fromEntries(own) };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null;
}

// CEL rules, which an API server evaluates and ajv does not.
function isDuration({ type, 'x-kubernetes-validations': rules = [] }: Schema): boolean {
  return (
    type === 'string' &&
    (rules as readonly { readonly rule: string }[]).some(({ rule }) => rule.includes('duration(self)'))
  );
}
