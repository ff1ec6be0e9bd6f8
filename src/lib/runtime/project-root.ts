import { join } from 'node:path';

// src/lib/runtime and dist/lib/runtime are equally deep, so this holds for the source and for the compiled code.
const ROOT = join(__dirname, '..', '..', '..');

/** Absolute path of a file or folder of the project, given by its path from the root. */
export function projectPath(...parts: string[]): string {
  return join(ROOT, ...parts);
}
