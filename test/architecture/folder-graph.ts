import { posix } from 'node:path';
import { serviceNames } from '../../src/topology.ts';

/**
 * The unit of the search for cycles: a folder. The root of a service holds both its composition (`service.ts`) and
 * its vocabulary (`config.ts`, `events.ts`), so each file there counts separately.
 */
export function unitOf(path: string): string {
  const folder = posix.dirname(path);
  return serviceNames.some((name) => folder === `src/${name}`) ? path : folder;
}

/** The units that the files of each unit import, type imports included. */
export function folderGraph(imports: ReadonlyMap<string, readonly string[]>): Map<string, readonly string[]> {
  const graph = new Map<string, Set<string>>();
  for (const [path, targets] of imports) {
    const unit = unitOf(path);
    const found = graph.get(unit) ?? new Set();
    for (const target of targets) if (unitOf(target) !== unit) found.add(unitOf(target));
    graph.set(unit, found);
  }
  return new Map([...graph].map(([unit, found]) => [unit, [...found].sort()]));
}
