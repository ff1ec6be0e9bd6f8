import { logLine, logOnly } from '../../src/lib/log/log-line.ts';
import { createLogger } from '../../src/lib/log/logger.ts';
import { workloadsOf } from './kubernetes-objects.ts';
import { kustomizationIn, readYaml, resourcesIn } from './kustomization.ts';
import { COMPONENT, LOG_AGENT, serviceAddresses, valuesOf } from './observability.ts';

type Endpoint = { readonly endpoint?: string };
type Component = (Endpoint & Readonly<Record<string, unknown>>) | null;
type Kind = 'receivers' | 'processors' | 'exporters' | 'extensions';
type Pipeline = Readonly<Record<Exclude<Kind, 'extensions'>, readonly string[]>>;
type Collector = Readonly<Record<Kind, Readonly<Record<string, Component>>>> & {
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: Readonly<Record<string, Pipeline>>;
    readonly telemetry: { readonly metrics: { readonly readers: readonly unknown[] } };
  };
};

const KINDS: readonly Kind[] = ['receivers', 'processors', 'exporters', 'extensions'];
const COLLECTORS = [
  ['otel-collector', `${COMPONENT}/config/otel-collector.yaml`],
  ['jaeger', `${COMPONENT}/config/jaeger.yaml`],
  ['otel-logs', `${LOG_AGENT}/config/otel-logs.yaml`],
] as const;

const addresses = serviceAddresses();
const workloads = workloadsOf([COMPONENT, LOG_AGENT].flatMap(resourcesIn));

const byValue = (a: number, b: number): number => a - b;

/** The ports of a collector. */
function portsOf(collector: Collector): number[] {
  const listening = [collector.receivers, collector.extensions].flatMap((part) => valuesOf('endpoint', part));
  const metrics = valuesOf('port', collector.service.telemetry);
  return [...listening.map((endpoint) => Number(String(endpoint).split(':')[1])), ...metrics.map(Number)].sort(byValue);
}

describe.each(COLLECTORS)('the configuration of %s', (name, path) => {
  const collector = readYaml<Collector>(path);
  const pipelines = Object.values(collector.service.pipelines);

  it.each(KINDS)('defines the %s that it uses, and uses those that it defines', (kind) => {
    const used = kind === 'extensions' ? collector.service.extensions : pipelines.flatMap((pipeline) => pipeline[kind]);
    expect([...new Set(used)].sort()).toEqual(Object.keys(collector[kind]).sort());
  });

  it('has the memory limiter as first processor', () => {
    for (const { processors } of pipelines) expect(processors[0]).toBe('memory_limiter');
  });

  it('uses a storage extension that is enabled', () => {
    const storages = [collector.receivers, collector.exporters].flatMap((part) => valuesOf('storage', part));
    for (const storage of storages) expect(collector.service.extensions).toContain(storage);
  });

  it('listens on all addresses of its pod, on the ports of its container', () => {
    const hosts = [...valuesOf('endpoint', collector.receivers), ...valuesOf('endpoint', collector.extensions)];
    for (const host of hosts) expect(host).toMatch(/^0\.0\.0\.0:\d+$/);
    const container = workloads.find((workload) => workload.name === name)?.pod.containers[0];
    expect(portsOf(collector)).toEqual(
      (container?.ports ?? []).map(({ containerPort }) => containerPort).sort(byValue),
    );
  });

  it('sends to a Service that exists', () => {
    for (const endpoint of valuesOf('endpoint', collector.exporters)) {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how a collector writes an environment variable
      const inItsNamespace = String(endpoint).replace('.${env:SHOP_NAMESPACE}.svc', '');
      expect(addresses).toContain(/^(?:http:\/\/)?([^/]+)/.exec(inItsNamespace)?.[1]);
    }
  });
});

describe('the environment of the services', () => {
  const { configMapGenerator, replacements = [] } = kustomizationIn(COMPONENT);
  const literals = configMapGenerator.find(({ name }) => name === 'tracing')?.literals;

  it('sends spans to the collector', () => {
    expect(literals).toEqual(['TRACES_EXPORTER=otlp', 'OTEL_EXPORTER_OTLP_ENDPOINT=http://otel-collector:4318']);
    expect(addresses).toContain('otel-collector:4318');
  });

  it('is changed for the services of the shop only', () => {
    const selected = replacements.flatMap(({ targets }) => targets.map(({ select }) => select));
    expect(selected).toHaveLength(literals?.length ?? 0);
    for (const select of selected) {
      expect(select).toEqual({ kind: 'Deployment', labelSelector: 'app.kubernetes.io/part-of=mercato' });
    }
  });
});

describe('the log agent', () => {
  const { receivers } = readYaml<Collector>(`${LOG_AGENT}/config/otel-logs.yaml`);
  const text = JSON.stringify(receivers);

  it('reads the files of one namespace', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how a collector writes an environment variable
    expect(receivers.file_log?.include).toEqual(['/var/log/pods/${env:SHOP_NAMESPACE}_*/*/*.log']);
    const generator = kustomizationIn(LOG_AGENT).configMapGenerator.find(({ name }) => name === 'otel-logs-shop');
    expect(generator?.literals).toEqual(['SHOP_NAMESPACE=mercato']);
  });

  it('recognizes the log lines of the shop and reads fields that the logger writes', () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const log = createLogger({ service: 'cartservice', version: '1' }, { level: 'info', destination });
    const fields = { trace_id: logOnly<string>(), span_id: logOnly<string>() };
    const line = logLine({ message: 'cart emptied', level: 'info', when: 'A cart was emptied.', fields });
    log.write(line, { trace_id: '1', span_id: '2' });
    const [written = ''] = lines;

    const condition = /body startsWith \\"(.*?)\\" and body contains \\"(.*?)\\""/.exec(text)?.slice(1) ?? [];
    const [start, part] = condition.map((quoted) => JSON.parse(JSON.parse(`"\\"${quoted}\\""`) as string) as string);
    expect(written.startsWith(start ?? 'no start')).toBe(true);
    expect(written).toContain(part);

    const read = [...text.matchAll(/attributes\.(\w+)/g)].map((match) => match[1] ?? '');
    const ofTheRuntime = ['logtag'];
    const names = Object.keys(JSON.parse(written) as Record<string, unknown>);
    expect([...new Set(read)].filter((field) => !ofTheRuntime.includes(field)).sort()).toEqual(names.sort());
  });
});
