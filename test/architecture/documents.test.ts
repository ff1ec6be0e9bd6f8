import { readFileSync } from 'node:fs';
import { projectPath } from '../../src/lib/project-root.ts';
import { peersOf, serviceNames, topology } from '../../src/topology.ts';

function section(document: string, name: string): string {
  const text = readFileSync(projectPath(document), 'utf8');
  const match = new RegExp(`<!-- ${name}:[^\\n]*-->\\n([\\s\\S]*?)<!-- /${name} -->`).exec(text);
  if (match?.[1] === undefined) throw new Error(`${document} has no section "${name}"`);
  return match[1];
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
});
