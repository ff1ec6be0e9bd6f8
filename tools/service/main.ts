import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { newServiceFiles } from './new-service.ts';
import { namesOf, requireCaller } from './service-names.ts';
import { addToTopology } from './topology-edit.ts';

const TOPOLOGY = 'src/topology.ts';

/** Adds a service to the project in the working directory, and prints the files that it writes. */
function main([name = '', calledBy = '']: readonly string[]): void {
  const root = process.cwd();
  const names = namesOf(name);
  const files = newServiceFiles(names, requireCaller(calledBy));
  const taken = files.filter(({ path }) => existsSync(join(root, path)));
  if (taken.length > 0) throw new Error(`these files exist: ${taken.map(({ path }) => path).join(', ')}`);
  const topology = addToTopology(readFileSync(join(root, TOPOLOGY), 'utf8'), names, calledBy);
  for (const { path, text } of [...files, { path: TOPOLOGY, text: topology }]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    process.stdout.write(`${path}\n`);
  }
}

try {
  main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
