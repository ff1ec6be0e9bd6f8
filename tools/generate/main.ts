import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { staleFiles } from './generated-files.ts';

/** Renews the stale files below the working directory, the project's root, and prints the path of each. */
async function main(): Promise<void> {
  const root = process.cwd();
  for (const { path, text } of await staleFiles(root)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    process.stdout.write(`${path}\n`);
  }
}

void main();
