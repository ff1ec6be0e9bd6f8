import { spawnSync } from 'node:child_process';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { readSource } from '../architecture/source-files.ts';

const { text } = readSource('Dockerfile');

/** Warnings of hadolint for the text of a Dockerfile; `scripts/install-manifest-tools.sh` installs it. */
function warningsFor(input: string): string {
  const { error, status, stdout, stderr } = spawnSync(projectPath('var/tools/hadolint'), ['--no-color', '-'], {
    input,
    encoding: 'utf8',
  });
  if (error !== undefined) throw new Error('hadolint cannot be run', { cause: error });
  if (status !== 0 && stdout === '') throw new Error(stderr);
  return stdout;
}

describe('the Dockerfile', () => {
  it('passes hadolint', () => {
    expect(warningsFor(text)).toBe('');
  });

  it('does not pass hadolint with a base image that has no digest', () => {
    expect(warningsFor(`${text}\nFROM debian\n`)).toContain('DL3006');
  });
});
