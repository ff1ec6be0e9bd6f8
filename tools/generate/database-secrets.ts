import { backingServers } from '../../src/topology.ts';
import type { Artifact } from './artifact.ts';

const { users = [] } = backingServers.postgres ?? {};

/** The Secret with the password and the URL of a service's database. */
function secretName(service: string): string {
  return `${service}-database`;
}

/** The passwords that the pod of PostgreSQL mounts, and the services for which the script creates Secrets. */
export function databaseSecrets(): Artifact[] {
  const services = [...users].sort();
  return [
    {
      path: 'kubernetes-manifests/base/postgres.yaml',
      region: 'passwords',
      lines: services.map(
        (name) => `- secret: {name: ${secretName(name)}, items: [{key: password, path: ${name}/password}]}`,
      ),
    },
    {
      path: 'scripts/kubernetes/create-database-secrets.sh',
      region: 'databases',
      lines: [`services='${services.join(' ')}'`],
    },
  ];
}
