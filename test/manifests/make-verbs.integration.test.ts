import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '../../src/lib/project-root.ts';

/** Runs a verb where nothing but the shell can be found. */
function make(verb: string): { readonly status: number | null; readonly said: string } {
  const folder = mkdtempSync(join(tmpdir(), 'mercato-path-'));
  try {
    symlinkSync('/bin/sh', join(folder, 'sh'));
    const found = spawnSync('/bin/sh', ['-c', 'command -v make'], { encoding: 'utf8' }).stdout.trim();
    const { status, stderr } = spawnSync(found, [verb], {
      cwd: projectPath(),
      env: { PATH: folder },
      encoding: 'utf8',
    });
    return { status, said: stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('make', () => {
  it.each([
    ['images', 'docker', 'https://docs.docker.com/'],
    ['deploy', 'kubectl', 'https://kubernetes.io/docs/tasks/tools/'],
    ['undeploy', 'kubectl', 'https://kubernetes.io/docs/tasks/tools/'],
  ])('%s says that %s is missing, and where its page is', (verb, tool, page) => {
    const { status, said } = make(verb);
    expect(status).not.toBe(0);
    expect(said).toContain(`This needs ${tool}, which is not here. How to install it: ${page}`);
  });
});
