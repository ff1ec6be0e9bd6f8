import { readFileSync } from 'node:fs';
import { projectPath } from './project-root.ts';

/**
 * Version of this code, from package.json.
 *
 * @throws {Error} when package.json has no version
 */
export function codeVersion(): string {
  const content: unknown = JSON.parse(readFileSync(projectPath('package.json'), 'utf8'));
  if (
    typeof content !== 'object' ||
    content === null ||
    !('version' in content) ||
    typeof content.version !== 'string'
  ) {
    throw new Error('package.json has no version');
  }
  return content.version;
}
