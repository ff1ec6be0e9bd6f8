import { isBuiltin } from 'node:module';
import { type ServiceName, serviceNames } from '../../src/topology.ts';
import type { Import } from './imports.ts';
import { isTestCode } from './source-files.ts';

/** What may be imported of npm: by the code that ships, and by tests in addition. */
export type Packages = { readonly shipped: ReadonlySet<string>; readonly testing: ReadonlySet<string> };

const TOPOLOGY = 'src/topology.ts';

/** Says which rule an import breaks, or `undefined`. */
export function brokenRule(path: string, imported: Import, packages: Packages): string | undefined {
  if (imported.target === undefined) return brokenPackageRule(path, imported.specifier, packages);
  const { target } = imported;
  if (isTestCode(target) && !isTestCode(path)) return 'code that ships imports no test code';
  if (target.endsWith('/main.ts')) return 'nobody imports the entry of a process';
  const room = roomOf(path);
  if (room === 'topology') return 'the topology imports nothing';
  if (room === 'lib') return libMayImport(path, target) ? undefined : 'src/lib knows no service and no business rule';
  if (room === 'launcher') return launcherMayImport(target) ? undefined : 'the launcher starts services, no more';
  return serviceMayImport(room, target)
    ? undefined
    : 'a service imports itself, src/lib, src/genproto and the topology';
}

type Room = ServiceName | 'lib' | 'launcher' | 'topology';

function roomOf(path: string): Room {
  if (path === TOPOLOGY) return 'topology';
  const folder = path.split('/')[1];
  const known: readonly Room[] = [...serviceNames, 'lib', 'launcher'];
  const room = known.find((name) => name === folder);
  if (room === undefined) throw new Error(`${path} is in no known folder`);
  return room;
}

function libMayImport(path: string, target: string): boolean {
  if (target.startsWith('src/lib/') || target.startsWith('src/genproto/google/')) return true;
  // A transport cannot be tried without some contract to carry.
  return isTestCode(path) && target.startsWith('src/genproto/');
}

function launcherMayImport(target: string): boolean {
  if (/^src\/(?:launcher|lib|genproto)\//.test(target) || target === TOPOLOGY) return true;
  return serviceNames.some((name) => target === `src/${name}/service.ts` || target === `src/${name}/config.ts`);
}

function serviceMayImport(service: string, target: string): boolean {
  return target === TOPOLOGY || [service, 'lib', 'genproto'].some((folder) => target.startsWith(`src/${folder}/`));
}

function brokenPackageRule(path: string, specifier: string, packages: Packages): string | undefined {
  if (path === TOPOLOGY) return 'the topology imports nothing';
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
