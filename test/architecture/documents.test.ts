import { readFileSync } from 'node:fs';
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
            .matchAll(/(?:^|`)make ([a-z][a-z-]*)/gm),
        ].map((match) => match[1] ?? ''),
      );
    expect(named).toContain('run');
    expect(named.filter((target) => !targets.has(target))).toEqual([]);
  });
});
