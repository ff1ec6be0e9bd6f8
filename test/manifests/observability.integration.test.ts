import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { readSource } from '../architecture/source-files.ts';
import { startPrometheus, type TestPrometheus } from '../observability/prometheus-server.ts';
import { configMapsOf, type KubernetesObject, namesOf, workloadsOf } from './kubernetes-objects.ts';
import { rendered } from './kustomize.ts';
import { COMPONENT, LOG_AGENT } from './observability.ts';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'mercato-manifests-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A Deployment of the shop, with an environment of these variables, or with none. */
function deployment(name: string, env?: readonly { name: string; value: string }[]): object {
  const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'mercato' };
  const spec = { containers: [{ name: 'server', image: `${name}:1`, ...(env && { env }) }] };
  const template = { metadata: { labels }, spec };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: { selector: { matchLabels: labels }, template },
  };
}

/** Renders the component with these Deployments. */
async function renderedWith(...deployments: object[]): Promise<KubernetesObject[]> {
  await writeFile(join(folder, 'shop.yaml'), deployments.map((object) => stringify(object)).join('---\n'));
  const components = [relative(folder, projectPath(COMPONENT))];
  await writeFile(join(folder, 'kustomization.yaml'), stringify({ resources: ['shop.yaml'], components }));
  return rendered(folder);
}

function environmentOf(objects: readonly KubernetesObject[], name: string): unknown {
  return workloadsOf(objects).find((workload) => workload.name === name)?.pod.containers[0]?.env;
}

describe('the rendered component', () => {
  const on = { name: 'TRACES_EXPORTER', value: 'otlp' };
  const endpoint = { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: 'http://otel-collector:4318' };

  it('enables tracing in every service, whatever its environment is', async () => {
    const port = { name: 'PORT', value: '7070' };
    const objects = await renderedWith(
      deployment('adservice'),
      deployment('cartservice', [port]),
      deployment('frontend', [{ name: 'TRACES_EXPORTER', value: 'none' }, port]),
    );
    expect(environmentOf(objects, 'adservice')).toEqual([on, endpoint]);
    expect(environmentOf(objects, 'cartservice')).toEqual([port, on, endpoint]);
    expect(environmentOf(objects, 'frontend')).toEqual([on, port, endpoint]);
  });

  it('does not change the environment of the collectors', async () => {
    const objects = await renderedWith(deployment('adservice'));
    for (const name of ['otel-collector', 'jaeger', 'prometheus', 'loki', 'grafana']) {
      expect(JSON.stringify(environmentOf(objects, name))).not.toMatch(/TRACES_EXPORTER|OTEL_/);
    }
  });

  it('mounts the generated ConfigMaps and applies no other', async () => {
    const objects = await renderedWith(deployment('adservice'));
    const mounted = workloadsOf(objects).flatMap(({ pod }) =>
      pod.volumes.flatMap(configMapsOf).map(({ name }) => name),
    );
    expect(mounted.sort()).toEqual(namesOf(objects, 'ConfigMap').sort());
  });
});

describe('the rendered log agent', () => {
  it('is in its own namespace', () => {
    const objects = rendered(projectPath(LOG_AGENT));
    const elsewhere = objects.filter(
      ({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== 'mercato-logs',
    );
    expect(elsewhere).toEqual([]);
    expect(namesOf(objects, 'Namespace')).toEqual(['mercato-logs']);
    expect(namesOf(objects, 'DaemonSet')).toEqual(['otel-logs']);
  });
});

type Scraping = { kubernetes_sd_configs?: unknown; file_sd_configs?: unknown };

/** The configuration with a file instead of the Kubernetes service discovery, which Debian's Prometheus lacks. */
async function writeConfig(pods: readonly object[]): Promise<void> {
  const config = parse(readSource(`${COMPONENT}/prometheus.yml`).text) as { scrape_configs: Scraping[] };
  for (const scraping of config.scrape_configs) {
    expect(scraping.kubernetes_sd_configs).toEqual([{ role: 'pod', namespaces: { own_namespace: true } }]);
    delete scraping.kubernetes_sd_configs;
    scraping.file_sd_configs = [{ files: ['pods.json'] }];
  }
  await writeFile(join(folder, 'prometheus.yml'), stringify(config, { aliasDuplicateObjects: false }));
  await writeFile(join(folder, 'pods.json'), JSON.stringify(pods));
  await mkdir(join(folder, 'rules'));
  await cp(projectPath(COMPONENT, 'rules'), join(folder, 'rules'), { recursive: true });
}

const targetsResponse = z.object({ activeTargets: z.array(z.object({ labels: z.record(z.string(), z.string()) })) });

/** The scraped targets by their labels. */
async function labelsOfTargets(prometheus: TestPrometheus): Promise<Record<string, string>[]> {
  return targetsResponse.parse(await prometheus.ask('targets')).activeTargets.map(({ labels }) => labels);
}

/** A target as Kubernetes service discovery returns it. Its port is closed. */
function podPort(name: string, partOf: string, port: string, phase = 'Running'): object {
  const pod = '__meta_kubernetes_pod';
  return {
    targets: ['127.0.0.1:1'],
    labels: {
      __meta_kubernetes_namespace: 'mercato',
      [`${pod}_name`]: `${name}-6f9c7b5d4b-x2zkp`,
      [`${pod}_phase`]: phase,
      [`${pod}_label_app_kubernetes_io_name`]: name,
      [`${pod}_label_app_kubernetes_io_part_of`]: partOf,
      [`${pod}_container_port_name`]: port,
    },
  };
}

describe('prometheus.yml', () => {
  it('is accepted by promtool, with its rules', async () => {
    await writeConfig([]);
    const output = execFileSync('promtool', ['check', 'config', join(folder, 'prometheus.yml')], { encoding: 'utf8' });
    expect(output).toContain('SUCCESS: 2 rule files found');
  });

  it('makes a real Prometheus scrape each service and observability server once', async () => {
    await writeConfig([
      podPort('frontend', 'mercato', 'http'),
      podPort('frontend', 'mercato', 'metrics'),
      podPort('cartservice', 'mercato', 'metrics', 'Succeeded'),
      podPort('adservice', 'mercato', 'metrics', 'Pending'),
      podPort('stranger', 'other', 'metrics'),
      podPort('jaeger', 'mercato-observability', 'ui'),
      podPort('jaeger', 'mercato-observability', 'metrics'),
      podPort('loki', 'mercato-observability', 'http'),
    ]);
    await using prometheus = await startPrometheus(join(folder, 'prometheus.yml'));
    await eventually('it knows its targets', async () => (await labelsOfTargets(prometheus)).length >= 3);
    const labels = await labelsOfTargets(prometheus);
    const target = (job: string, service: string) => ({
      job,
      service,
      namespace: 'mercato',
      pod: `${service}-6f9c7b5d4b-x2zkp`,
      instance: '127.0.0.1:1',
    });
    expect(labels).toHaveLength(3);
    expect(labels).toEqual(
      expect.arrayContaining([
        target('mercato', 'frontend'),
        target('mercato-observability', 'jaeger'),
        target('mercato-observability', 'loki'),
      ]),
    );
  });
});
