import { isBuiltin } from 'node:module';
import { type ServiceName, serviceNames } from '../../src/topology.ts';
import type { Import } from './imports.ts';
import { isTestCode } from './source-files.ts';

/** What may be imported of npm: by the code that ships, and by tests in addition. */
export type Packages = { readonly shipped: ReadonlySet<string>; readonly testing: ReadonlySet<string> };

const TOPOLOGY = 'src/topology.ts';

// What services share of the contract: the registry of definitions, which reasons callers act upon, the states of an order,
// and how upstreams are configured and opened.
const SHARED_CONTRACT = new Set(['src/contract.ts', 'src/order-state.ts', 'src/reasons.ts', 'src/upstreams.ts']);

/** Says which rule an import breaks, or `undefined`. */
export function brokenRule(path: string, imported: Import, packages: Packages): string | undefined {
  if (imported.target === undefined) return brokenPackageRule(path, imported.specifier, packages);
  const { target } = imported;
  if (isTestCode(target) && !isTestCode(path)) return 'code that ships imports no test code';
  if (target.endsWith('/main.ts')) return 'no file imports the entry of a process';
  const name = layerNameOf(path);
  const { mayImport, rule } = LAYERS[name] ?? serviceLayer(name);
  return mayImport(target, path) ? undefined : rule;
}

type LayerName = ServiceName | 'console' | 'contract' | 'domain' | 'launcher' | 'lib' | 'topology';

function layerNameOf(path: string): LayerName {
  if (path === TOPOLOGY) return 'topology';
  if (SHARED_CONTRACT.has(path)) return 'contract';
  const folder = path.split('/')[1];
  const known: readonly LayerName[] = [...serviceNames, 'console', 'domain', 'launcher', 'lib'];
  const name = known.find((layer) => layer === folder);
  if (name === undefined) throw new Error(`${path} is in no known folder`);
  return name;
}

type Layer = { readonly mayImport: (target: string, path: string) => boolean; readonly rule: string };

// The only platform files without I/O: the error type, its reasons and the checks of request fields.
const PURE_LIB = new Set(['src/lib/error-reason.ts', 'src/lib/errors.ts', 'src/lib/fields.ts']);

// The error reasons are part of the contract; an error without one of them would not be typed.
const ERROR_REASON = 'src/genproto/hipstershop/error_reason.ts';

const below = (...folders: readonly string[]): ((target: string) => boolean) => {
  const prefixes = folders.map((folder) => `src/${folder}/`);
  return (target) => prefixes.some((prefix) => target.startsWith(prefix));
};

const LAYERS: Readonly<Partial<Record<LayerName, Layer>>> = {
  topology: { mayImport: () => false, rule: 'the topology imports nothing' },
  lib: {
    // A test of the transport needs some contract to carry.
    mayImport: (target, path) =>
      below('lib', 'genproto/google', ...(isTestCode(path) ? ['genproto'] : []))(target) || target === ERROR_REASON,
    rule: 'src/lib knows no service and no business rule',
  },
  contract: {
    mayImport: (target) => below('lib', 'genproto')(target) || target === TOPOLOGY || SHARED_CONTRACT.has(target),
    rule: 'the contract of the services knows no service',
  },
  domain: {
    mayImport: (target) => below('domain')(target) || PURE_LIB.has(target),
    rule: 'src/domain is pure: no generated type, no I/O',
  },
  console: {
    mayImport: (target) => below('console', 'lib')(target) || target === TOPOLOGY,
    rule: 'the console knows no service and no launcher',
  },
  launcher: {
    mayImport: (target) =>
      below('launcher', 'console', 'lib', 'genproto')(target) || target === TOPOLOGY || isEntryOfService(target),
    rule: 'the launcher only configures and starts services',
  },
};

function serviceLayer(service: string): Layer {
  return {
    mayImport: (target) =>
      below(service, 'domain', 'lib', 'genproto')(target) || target === TOPOLOGY || SHARED_CONTRACT.has(target),
    rule: 'a service imports itself, src/domain, src/lib, src/genproto, the contract and the topology',
  };
}

function isEntryOfService(target: string): boolean {
  return serviceNames.some((name) => target === `src/${name}/service.ts` || target === `src/${name}/config.ts`);
}

function brokenPackageRule(path: string, specifier: string, packages: Packages): string | undefined {
  if (path === TOPOLOGY) return 'the topology imports nothing';
  if (path.startsWith('src/domain/') && !isTestCode(path)) return 'src/domain imports no package';
  if (isBuiltin(specifier)) return specifier.startsWith('node:') ? undefined : 'modules of Node begin with node:';
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (name === 'prom-client' && !path.startsWith('src/lib/metrics/')) {
    return 'metrics are declared through src/lib/metrics, with every value their labels can have';
  }
  if (packages.shipped.has(name) || (isTestCode(path) && packages.testing.has(name))) return undefined;
  return packages.testing.has(name) ? 'code that ships imports no development dependency' : 'not in package.json';
}
