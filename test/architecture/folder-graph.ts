import { posix } from 'node:path';
import { serviceNames } from '../../src/topology.ts';

/**
 * The unit in which circles are looked for: a folder. The root of a service holds both its composition (`service.ts`) and
 * its vocabulary (`config.ts`, `events.ts`), so each file there counts separately.
 */
export function roomOfFile(path: string): string {
  const folder = posix.dirname(path);
  return serviceNames.some((name) => folder === `src/${name}`) ? path : folder;
}

/** Which rooms the files of each room import, type imports included. */
export function folderGraph(imports: ReadonlyMap<string, readonly string[]>): Map<string, readonly string[]> {
  const graph = new Map<string, Set<string>>();
  for (const [path, targets] of imports) {
    const room = roomOfFile(path);
    const found = graph.get(room) ?? new Set();
    for (const target of targets) if (roomOfFile(target) !== room) found.add(roomOfFile(target));
    graph.set(room, found);
  }
  return new Map([...graph].map(([room, found]) => [room, [...found].sort()]));
}
