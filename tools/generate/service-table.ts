import { serviceNames, topology } from '../../src/topology.ts';
import type { Artifact } from './artifact.ts';

/** The table of services in README.md. */
export function serviceTable(): Artifact[] {
  const rows = serviceNames.map((name) => {
    const { port, purpose } = topology[name];
    return `| [${name}](src/${name}) | ${port === 0 ? '-' : port} | ${purpose} |`;
  });
  return [
    {
      path: 'README.md',
      region: 'services',
      lines: ['| service | port | what it is for |', '|---|---|---|', ...rows],
    },
  ];
}
