import type { SourceFile } from './source-files.ts';

export const MAX_LINES = 400;

export function lineCount(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** True when every part of a path, split at slashes and dots, is lower case with dashes. */
export function isKebabCase(path: string): boolean {
  return path.split(/[/.]/).every((part) => KEBAB.test(part));
}

/** The lines with re-exports, as `path:line`. */
export function reExports(file: SourceFile): string[] {
  return file.text
    .split('\n')
    .flatMap((line, index) => (/^export (?:type )?[*{]/.test(line) ? [`${file.path}:${index + 1}`] : []));
}

const NONDETERMINISTIC = [
  'Date\\.now\\b',
  'new Date\\(\\s*\\)',
  '\\bDate\\(\\s*\\)',
  'Math\\.random\\b',
  '\\brandom(?:UUID|Int|Bytes)\\b',
];

/** The expressions that read the real clock or real randomness, each once, outside of comments. */
export function nondeterminism(file: SourceFile): string[] {
  const found = withoutComments(file.text).match(new RegExp(NONDETERMINISTIC.join('|'), 'g'));
  return [...new Set(found)].sort();
}

export function readsEnvironment(file: SourceFile): boolean {
  const code = withoutComments(file.text);
  return /\bprocess\s*(?:\?\.|\.)\s*env\b|\bprocess\s*\[\s*['"]env|import\s*\{[^}]*\benv\b[^}]*\}\s*from\s*'node:process'/.test(
    code,
  );
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
