import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from './generated-files.ts';

/** Writes the dashboards, rules and alerts below the working directory: the root of the project. */
function main(): void {
  for (const { path, text } of generatedFiles()) {
    const file = join(process.cwd(), path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

main();
