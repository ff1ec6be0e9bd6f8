import { parse } from 'yaml';
import { backingServers } from '../../src/topology.ts';
import { readSource } from '../architecture/source-files.ts';
import { deployedNames } from './base.ts';
import { SHOP } from './components.ts';
import { type Workload, workloadsOf } from './kubernetes-objects.ts';
import { resourcesIn } from './kustomization.ts';

type ComposeService = {
  readonly image: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly mem_limit: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
};

const { services } = parse(readSource('compose.yaml').text, { merge: true }) as {
  services: Readonly<Record<string, ComposeService>>;
};
/** Creates the passwords, and ends. */
const SECRETS = 'database-secrets';
const running = Object.entries(services).filter(([name]) => name !== SECRETS);
const { users: databaseUsers = [] } = backingServers.postgres ?? {};
const workloads = new Map(workloadsOf(resourcesIn(`${SHOP}/base`)).map((workload) => [workload.name, workload]));
const observers = new Map(
  workloadsOf(resourcesIn(`${SHOP}/components/observability`)).map((workload) => [workload.name, workload]),
);

function containerOf(workload: Workload | undefined): Workload['pod']['containers'][number] {
  const container = workload?.pod.containers[0];
  if (container === undefined) throw new Error('no such workload');
  return container;
}

describe('compose.yaml', () => {
  it('runs the workloads of the manifests and Jaeger', () => {
    expect(Object.keys(services).sort()).toEqual([...deployedNames, SECRETS, 'jaeger'].sort());
    expect(services[SECRETS]?.image).toBe(services.postgres?.image);
    for (const [name, { image }] of running) {
      expect(image).toBe(containerOf(workloads.get(name) ?? observers.get(name)).image);
    }
  });

  it('starts PostgreSQL with the command of the manifests, and with its scripts at the same path', () => {
    const { command, env = [], volumeMounts = [] } = containerOf(workloads.get('postgres'));
    const environment = Object.fromEntries(env.map(({ name, value }) => [name, value]));
    expect(services.postgres).toMatchObject({ entrypoint: command, environment });
    const [scripts, passwords] = ['scripts', 'passwords'].map((of) => volumeMounts.find(({ name }) => name === of));
    const { volumes = [] } = services.postgres ?? {};
    expect(volumes).toContain(`./${SHOP}/base/postgres:${scripts?.mountPath}:ro`);
    for (const name of databaseUsers) expect(volumes).toContain(`${name}-database:${passwords?.mountPath}/${name}:ro`);
  });

  it('mounts the secret of a database in its service, in PostgreSQL and in the service that creates it', () => {
    for (const user of databaseUsers) {
      const mounting = Object.keys(services).filter((name) =>
        services[name]?.volumes?.some((volume) => volume.startsWith(`${user}-database:`)),
      );
      expect(mounting.sort()).toEqual([SECRETS, 'postgres', user].sort());
    }
  });

  it('starts Redis with the command of the manifests', () => {
    const { command, args } = containerOf(workloads.get('redis-cart'));
    expect(services['redis-cart']).toMatchObject({ entrypoint: command, command: args });
  });

  it.each(running.map(([name]) => name))(
    'limits %s as the manifests do, and publishes its ports on loopback only',
    (name) => {
      const service = services[name] as ComposeService;
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
      const { resources } = containerOf(workloads.get(name) ?? observers.get(name));
      expect(service.mem_limit).toBe(resources?.limits?.memory?.toLowerCase().replace(/i$/, ''));
      for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
    },
  );
});
