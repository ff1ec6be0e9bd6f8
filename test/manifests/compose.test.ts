import { parse } from 'yaml';
import { serviceNames } from '../../src/topology.ts';
import { readSource } from '../architecture/source-files.ts';
import { SHOP } from './components.ts';
import { type Workload, workloadsOf } from './kubernetes-objects.ts';
import { resourcesIn } from './kustomization.ts';

type ComposeService = {
  readonly image: string;
  readonly build?: { readonly context: string; readonly args: Readonly<Record<string, string>> };
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly mem_limit: string;
  readonly stop_grace_period?: string;
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

/** An address of the manifests, at which a Service answers, as one at which the container itself does. */
function atContainer(value: string): string {
  const [, host = '', port] = /^([a-z-]+):(\d+)$/.exec(value) ?? [];
  const workload = workloads.get(host);
  if (port === undefined || workload === undefined || backing.includes(host)) return value;
  return `${host}:${containerOf(workload).ports?.[0]?.containerPort}`;
}

describe('compose.yaml', () => {
  it('runs what the manifests run, and Jaeger', () => {
    expect(Object.keys(services).sort()).toEqual([...serviceNames, ...backing, 'jaeger'].sort());
    for (const [name, { image }] of Object.entries(services)) {
      expect(image).toBe(containerOf(workloads.get(name) ?? observers.get(name)).image);
    }
  });

  it.each(serviceNames)('tells %s what the manifests do, but for who shows its traces', (name) => {
    const { pod } = workloads.get(name) ?? {};
    const container = containerOf(workloads.get(name));
    const service = services[name];
    const env = (container.env ?? []).filter((one) => one.name !== 'TRACES_EXPORTER');
    expect(service?.environment).toEqual({
      ...Object.fromEntries(env.map(({ name: variable, value = '' }) => [variable, atContainer(value)])),
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://jaeger:4318',
    });
    expect(service?.build).toEqual({ context: '.', args: { SERVICE: name } });
    expect(service?.stop_grace_period).toBe(`${pod?.terminationGracePeriodSeconds}s`);
  });

  it('starts Redis as the manifests do', () => {
    const { command, args } = containerOf(workloads.get('redis-cart'));
    expect(services['redis-cart']).toMatchObject({ entrypoint: command, command: args });
  });

  it.each(Object.keys(services))(
    'gives %s as little as the manifests do, and shows it to this machine alone',
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
