import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedCode, generatedFiles, orphansAmong, staleAmong } from './generated-files.ts';

/**
 * Renews the stale files below the working directory, the project's root, and deletes generated files that nothing
 * generates any more. Prints the path of each.
 *
 * @param part `code` renews only the code that the generator imports; it must then be compiled again
 */
async function main(part: string | undefined): Promise<void> {
  const root = process.cwd();
  const files = part === 'code' ? generatedCode(root) : await generatedFiles(root);
  for (const { path, text } of staleAmong(files, root)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    process.stdout.write(`${path}\n`);
  }
  if (part === 'code') return;
  for (const path of orphansAmong(files, root)) {
    rmSync(join(root, path));
    process.stdout.write(`deleted ${path}\n`);
  }
}

void main(process.argv[2]);
