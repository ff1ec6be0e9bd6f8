import { serviceNames, topology } from '../../src/topology.ts';
import type { Artifact } from './artifact.ts';
import { yamlScalar } from './yaml-scalar.ts';

/** The tables of services in README.md and ARCHITECTURE.md, and the descriptions of their objects in Kubernetes. */
export function serviceDescriptions(): Artifact[] {
  return [serviceTable(), stateTable(), ...annotations()];
}

function serviceTable(): Artifact {
  const rows = serviceNames.map((name) => {
    const { port, purpose } = topology[name];
    return `| [${name}](src/${name}) | ${port === 0 ? '-' : port} | ${purpose} |`;
  });
  return {
    path: 'README.md',
    region: 'services',
    lines: ['| service | port | purpose |', '|---|---|---|', ...rows],
  };
}

const STORES = {
  postgres: 'PostgreSQL; without `DATABASE_URL`, LMDB, in files below `DATA_DIR`',
  redis: 'Redis; without `REDIS_ADDR`, LMDB',
};

function stateTable(): Artifact {
  const rows = serviceNames.flatMap((name) => {
    const { store, storedData } = topology[name];
    return store === 'none' ? [] : [`| ${name} | ${storedData} | ${STORES[store]} |`];
  });
  return {
    path: 'ARCHITECTURE.md',
    region: 'state',
    lines: ['| service | stores | in |', '|---|---|---|', ...rows],
  };
}

function annotations(): Artifact[] {
  return serviceNames.map((name) => ({
    path: `kubernetes-manifests/base/${name}.yaml`,
    region: 'description',
    lines: [`a8r.io/description: ${yamlScalar(topology[name].purpose)}`, `a8r.io/documentation: src/${name}/README.md`],
  }));
}
