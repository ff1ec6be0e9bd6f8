import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { environment } from '../../src/lib/config/config.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { pathsBelow } from './source-files.ts';

function lines(path: string): string[] {
  return readFileSync(projectPath(path), 'utf8').split('\n');
}

describe('the documents and scripts', () => {
  it('name only make targets that exist', () => {
    const targets = new Set(lines('Makefile').flatMap((line) => /^([a-z-]+):.* ## /.exec(line)?.[1] ?? []));
    const places = ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', ...pathsBelow('docs'), ...pathsBelow('scripts')];
    const named = places
      .filter((path) => /\.(?:md|js|sh)$/.test(path))
      .flatMap((path) =>
        [
          ...lines(path)
            .join('\n')
            .matchAll(/`make ([a-z-]+)/g),
        ].map((match) => match[1] ?? ''),
      );
    expect(named).toContain('run');
    expect(named.filter((target) => !targets.has(target))).toEqual([]);
  });
});

describe('make load', () => {
  const recipe = (...variables: string[]): string =>
    execFileSync('make', ['--dry-run', 'load', ...variables], {
      cwd: projectPath(),
      env: { PATH: environment().PATH },
    }).toString();

  // Bash counts the seconds since its start in SECONDS, so the recipe must not read the variable in the shell.
  it('runs for 60 s against the shop on this machine by default', () => {
    expect(recipe()).toContain('FRONTEND_ADDR=127.0.0.1:8080 SECONDS=60 ');
  });

  it('runs against the given address for the given time', () => {
    expect(recipe('PORT=9000', 'SECONDS=5')).toContain('FRONTEND_ADDR=127.0.0.1:9000 SECONDS=5 ');
    expect(recipe('FRONTEND_ADDR=shop:80')).toContain('FRONTEND_ADDR=shop:80 SECONDS=60 ');
  });
});
