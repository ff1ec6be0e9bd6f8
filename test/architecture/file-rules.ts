import type { SourceFile } from './source-files.ts';

/** No file is longer than this. */
export const MAX_LINES = 400;

/** How many lines a text has. */
export function lineCount(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** True when every part of a path between slashes and dots is lower case, its words joined by dashes. */
export function isKebabCase(path: string): boolean {
  return path.split(/[/.]/).every((part) => KEBAB.test(part));
}

/** The lines of a file that pass on what another one exports, as `path:line`. */
export function reExports(file: SourceFile): string[] {
  return file.text
    .split('\n')
    .flatMap((line, index) => (/^export (?:type )?[*{]/.test(line) ? [`${file.path}:${index + 1}`] : []));
}

const UNPREDICTABLE = [
  'Date\\.now\\b',
  'new Date\\(\\s*\\)',
  '\\bDate\\(\\s*\\)',
  'Math\\.random\\b',
  '\\brandom(?:UUID|Int|Bytes)\\b',
];

/** What a file uses of the clock and of chance by itself instead of through its runtime, each once. */
export function clocksAndDice(file: SourceFile): string[] {
  const found = withoutComments(file.text).match(new RegExp(UNPREDICTABLE.join('|'), 'g'));
  return [...new Set(found)].sort();
}

/** True when a file reads the environment of its process by itself. */
export function readsEnvironment(file: SourceFile): boolean {
  const code = withoutComments(file.text);
  return /\bprocess\s*(?:\?\.|\.)\s*env\b|\bprocess\s*\[\s*['"]env|import\s*\{[^}]*\benv\b[^}]*\}\s*from\s*'node:process'/.test(
    code,
  );
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
