import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { environment } from '../../src/lib/config/config.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { peersOf, serviceNames, topology } from '../../src/topology.ts';
import { pathsBelow } from './source-files.ts';

function section(document: string, name: string): string {
  const text = readFileSync(projectPath(document), 'utf8');
  const match = new RegExp(`<!-- ${name}:[^\\n]*-->\\n([\\s\\S]*?)<!-- /${name} -->`).exec(text);
  if (match?.[1] === undefined) throw new Error(`${document} has no section "${name}"`);
  return match[1];
}

function lines(path: string): string[] {
  return readFileSync(projectPath(path), 'utf8').split('\n');
}

function serviceTable(): string {
  const rows = serviceNames.map((name) => {
    const { port, purpose } = topology[name];
    return `| [${name}](src/${name}) | ${port === 0 ? '-' : port} | ${purpose} |`;
  });
  return ['| service | port | what it is for |', '|---|---|---|', ...rows, ''].join('\n');
}

function callDiagram(): string {
  const visits = serviceNames.flatMap((name) =>
    topology[name].visits.map((visited) => `  ${name} -- HTTP --> ${visited}`),
  );
  const calls = serviceNames.flatMap((name) => peersOf(name).map((peer) => `  ${name} --> ${peer}`));
  return ['```mermaid', 'flowchart LR', ...visits, ...calls, '```', ''].join('\n');
}

describe('the documents', () => {
  it('list every service as the topology has it', () => {
    expect(section('README.md', 'services')).toBe(serviceTable());
  });

  it('draw every call as the topology has it', () => {
    expect(section('ARCHITECTURE.md', 'calls')).toBe(callDiagram());
  });

  it('and the scripts name no target of make that there is not', () => {
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

  // Where sh is bash, SECONDS is a clock of the shell's own: what the recipe leaves to the shell would be 0.
  it('runs for a minute against the shop on this machine', () => {
    expect(recipe()).toContain('FRONTEND_ADDR=127.0.0.1:8080 SECONDS=60 ');
  });

  it('does as it is told', () => {
    expect(recipe('PORT=9000', 'SECONDS=5')).toContain('FRONTEND_ADDR=127.0.0.1:9000 SECONDS=5 ');
    expect(recipe('FRONTEND_ADDR=shop:80')).toContain('FRONTEND_ADDR=shop:80 SECONDS=60 ');
  });
});
