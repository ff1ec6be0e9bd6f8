import { stringify } from 'yaml';

/** A text as a YAML scalar in one line, quoted where it must be. */
export function yamlScalar(text: string): string {
  return stringify(text, { singleQuote: true, lineWidth: 0 }).trimEnd();
}
