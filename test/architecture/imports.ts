import { posix } from 'node:path';
import type { SourceFile } from './source-files.ts';
import { isNode, type Node, parse, walk } from './syntax.ts';

/** One import of a file. */
export type Import = {
  /** As written in the source. */
  readonly specifier: string;
  /** Path from the project's root for a relative import; `undefined` for a package. */
  readonly target: string | undefined;
  /** True when only types are imported, so that the import does not exist at run time. */
  readonly typeOnly: boolean;
};

/** Everything a file imports: import and export declarations, `import()`, `require()` and types by `import('...')`. */
export function importsOf(file: SourceFile): Import[] {
  const tree = parse(file);
  const found: Import[] = [];
  const add = (specifier: unknown, typeOnly: boolean): void => {
    if (typeof specifier !== 'string') throw new Error(`${file.path} has an import with a computed specifier`);
    const relative = specifier.startsWith('.');
    const target = relative ? posix.join(posix.dirname(file.path), specifier) : undefined;
    found.push({ specifier, target, typeOnly });
  };
  walk(tree, (node) => {
    const { specifier, typeOnly } = importIn(node) ?? {};
    if (specifier !== undefined) add(specifier.value, typeOnly === true);
  });
  return found;
}

function importIn(node: Node): { specifier: Node; typeOnly: boolean } | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return isNode(node.source) ? { specifier: node.source, typeOnly: importsTypesOnly(node) } : undefined;
    case 'TsImportType':
      return { specifier: node.argument as Node, typeOnly: true };
    case 'TsExternalModuleReference':
      return { specifier: node.expression as Node, typeOnly: false };
    case 'CallExpression':
      return importingCall(node);
    default:
      return undefined;
  }
}

function importsTypesOnly(node: Node): boolean {
  if (node.typeOnly === true) return true;
  const specifiers = Array.isArray(node.specifiers) ? (node.specifiers as Node[]) : [];
  return specifiers.length > 0 && specifiers.every((specifier) => specifier.isTypeOnly === true);
}

function importingCall(node: Node): { specifier: Node; typeOnly: boolean } | undefined {
  const callee = node.callee as Node;
  const imports = callee.type === 'Import' || (callee.type === 'Identifier' && callee.value === 'require');
  if (!imports) return undefined;
  const [first] = node.arguments as { expression: Node }[];
  return { specifier: first?.expression ?? {}, typeOnly: false };
}

/** The first cycle found, with its first node repeated at the end; empty when there is none. */
export function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return [];
    for (const next of graph.get(path) ?? []) {
      const cycle = visit(next, [...trail, path]);
      if (cycle.length > 0) return cycle;
    }
    done.add(path);
    return [];
  };
  for (const path of graph.keys()) {
    const cycle = visit(path, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
