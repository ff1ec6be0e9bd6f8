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

const CLOCK = /\b(?:performance\.now|Date\.now|process\.hrtime(?:\.bigint)?)\(/;
const EXPECTATION = /\bexpect\(([^;]*?)\)\s*\.(?:not\.)?(to[A-Za-z]+)\(([^;]*);/g;
const UPPER_BOUND = /^to(?:BeLessThan(?:OrEqual)?|BeCloseTo)$/;
const ORDER = /^toBe(?:Less|Greater)Than(?:OrEqual)?$/;

/**
 * The expectations that fail on a slow machine: an upper bound of a time that was measured with the real clock, or a bound
 * that is a time of the real clock. A lower bound of a measured time is none of them, because a slow machine only adds to it.
 */
export function wallClockVerdicts(file: SourceFile): string[] {
  const code = withoutComments(file.text);
  const measured = measuredNames(code);
  const isMeasured = (expression: string): boolean => CLOCK.test(expression) || hasName(expression, measured);
  return [...code.matchAll(EXPECTATION)]
    .filter(
      ([, subject = '', matcher = '', bound = '']) =>
        (UPPER_BOUND.test(matcher) && isMeasured(subject)) || (ORDER.test(matcher) && CLOCK.test(bound)),
    )
    .map(([expectation]) => `${file.path}: ${expectation.replaceAll(/\s+/g, ' ')}`);
}

/** Names of the differences between two times of the real clock. */
function measuredNames(code: string): readonly string[] {
  const assignments = [...code.matchAll(/\b(?:const|let) (\w+) = ([^;]*);/g)];
  return assignments
    .filter(([, , value = '']) => CLOCK.test(value) && / - /.test(value) && !value.includes('=>'))
    .map(([, name = '']) => name);
}

function hasName(expression: string, names: readonly string[]): boolean {
  return names.some((name) => new RegExp(`\\b${name}\\b`).test(expression));
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
