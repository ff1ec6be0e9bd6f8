import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath } from '../../src/lib/runtime/project-root.ts';

/** A file of the project. */
export type SourceFile = {
  /** From the project's root, with slashes: `src/cartservice/cart.ts`. */
  readonly path: string;
  readonly text: string;
};

const CODE = /\.tsx?$/;

/** Paths of all files below a folder of the project, sorted. */
export function pathsBelow(folder: string): string[] {
  const entries = readdirSync(projectPath(folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(projectPath().length + 1))
    .sort();
}

/** Paths of all hand-written TypeScript files below a folder. */
export function codePathsBelow(folder: string): string[] {
  return pathsBelow(folder).filter((path) => CODE.test(path) && !path.startsWith('src/genproto/'));
}

export function readSource(path: string): SourceFile {
  return { path, text: readFileSync(projectPath(path), 'utf8') };
}

/** Names of the direct subfolders of a folder of the project, sorted. */
export function foldersIn(folder: string): string[] {
  return readdirSync(projectPath(folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** True for code that runs in tests only: `.test.`, `.contract.` and `.testing.` files, and files in `testing` folders. */
export function isTestCode(path: string): boolean {
  return /\.(?:test|contract|testing)\.tsx?$/.test(path) || path.split('/').includes('testing');
}
