import { spawnSync } from 'node:child_process';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { readSource } from '../architecture/source-files.ts';

/** What hadolint has against a Dockerfile, given as text; `scripts/install-manifest-tools.sh` installs it. */
function faultsIn(input: string): string {
  const { error, status, stdout, stderr } = spawnSync(projectPath('var/tools/hadolint'), ['--no-color', '-'], {
    input,
    encoding: 'utf8',
  });
  if (error !== undefined) throw new Error('hadolint cannot be run', { cause: error });
  if (status !== 0 && stdout === '') throw new Error(stderr);
  return stdout;
}

describe('the Dockerfile', () => {
  const { text } = readSource('Dockerfile');

  it('has nothing that hadolint warns of', () => {
    expect(faultsIn(text)).toBe('');
  });

  it('would not pass with a base that can change under its name', () => {
    expect(faultsIn(`${text}\nFROM debian\n`)).toContain('DL3006');
  });
});
