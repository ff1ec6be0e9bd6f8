import { type GrpcServiceName, grpcServiceNames, serverNames, topology } from '../../src/topology.ts';
import type { Artifact } from './artifact.ts';

const LINE_WIDTH = 120;

/** Code that has a line for each service: the definitions in src/contract.ts, and the loaders of the launcher. */
export function serviceCode(): Artifact[] {
  const names = [...grpcServiceNames].sort();
  const imports = names.map((name) => `import { ${definitionOf(name)} } from './genproto/${moduleOf(name)}.ts';`);
  return [
    // The blank lines keep Biome from sorting these imports among the others.
    { path: 'src/contract.ts', region: 'imports', lines: ['', ...imports.sort(byPath), ''] },
    {
      path: 'src/contract.ts',
      region: 'definitions',
      lines: names.map((name) => `${name}: ${definitionOf(name)},`),
    },
    { path: 'src/launcher/services.ts', region: 'loaders', lines: [...serverNames].sort().flatMap(loader) },
  ];
}

/** As ts-proto names it. */
function definitionOf(name: GrpcServiceName): string {
  return `${topology[name].grpcService.split('.').at(-1)}Definition`;
}

function moduleOf(name: GrpcServiceName): string {
  return topology[name].protoFile.replace(/\.proto$/, '');
}

// The order in which Biome sorts imports.
function byPath(a: string, b: string): number {
  return pathOf(a) < pathOf(b) ? -1 : 1;
}

function pathOf(line: string): string {
  return line.slice(line.indexOf('from '));
}

// As Biome breaks the lines.
function loader(name: string): string[] {
  const modules = ['config', 'service'].map((module) => `...(await import('../${name}/${module}.ts'))`);
  const call = `  loaded({ ${modules.join(', ')} }),`;
  const broken = ['  loaded({', ...modules.map((module) => `    ${module},`), '  }),'];
  return [`${name}: async () =>`, ...(call.length + 2 <= LINE_WIDTH ? [call] : broken)];
}
