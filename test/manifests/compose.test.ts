import { parse } from 'yaml';
import { serviceNames } from '../../src/topology.ts';
import { readSource } from '../architecture/source-files.ts';
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
};

const { services } = parse(readSource('compose.yaml').text, { merge: true }) as {
  services: Readonly<Record<string, ComposeService>>;
};
const workloads = new Map(workloadsOf(resourcesIn(`${SHOP}/base`)).map((workload) => [workload.name, workload]));
const observers = new Map(
  workloadsOf(resourcesIn(`${SHOP}/components/observability`)).map((workload) => [workload.name, workload]),
);
const backing = ['redis-cart', 'mailpit'];

function containerOf(workload: Workload | undefined): Workload['pod']['containers'][number] {
  const container = workload?.pod.containers[0];
  if (container === undefined) throw new Error('no such workload');
  return container;
}

describe('compose.yaml', () => {
  it('runs the workloads of the manifests and Jaeger', () => {
    expect(Object.keys(services).sort()).toEqual([...serviceNames, ...backing, 'jaeger'].sort());
    for (const [name, { image }] of Object.entries(services)) {
      expect(image).toBe(containerOf(workloads.get(name) ?? observers.get(name)).image);
    }
  });

  it('starts Redis with the command of the manifests', () => {
    const { command, args } = containerOf(workloads.get('redis-cart'));
    expect(services['redis-cart']).toMatchObject({ entrypoint: command, command: args });
  });

  it.each(Object.keys(services))('limits %s as the manifests do, and publishes its ports on loopback only', (name) => {
    const service = services[name] as ComposeService;
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    const { resources } = containerOf(workloads.get(name) ?? observers.get(name));
    expect(service.mem_limit).toBe(resources?.limits?.memory?.toLowerCase().replace(/i$/, ''));
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
  });
});
