import { serviceNames, topology, upstreamsOf } from '../../src/topology.ts';
import type { Artifact } from './artifact.ts';

/** The diagram of calls in ARCHITECTURE.md. */
export function callDiagram(): Artifact[] {
  const visits = serviceNames.flatMap((name) =>
    topology[name].visits.map((visited) => `  ${name} -- HTTP --> ${visited}`),
  );
  const calls = serviceNames.flatMap((name) => upstreamsOf(name).map((upstream) => `  ${name} --> ${upstream}`));
  return [
    {
      path: 'ARCHITECTURE.md',
      region: 'calls',
      lines: ['```mermaid', 'flowchart LR', ...visits, ...calls, '```'],
    },
  ];
}
