import { join } from 'node:path';

// src/lib and dist/lib lie equally deep, so this holds for the source and for what is compiled from it.
const ROOT = join(__dirname, '..', '..');

/** Absolute path of a file or folder of the project, given by its path from the root. */
export function projectPath(...parts: string[]): string {
  return join(ROOT, ...parts);
}
