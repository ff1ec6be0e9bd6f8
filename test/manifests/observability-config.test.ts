import { pathsBelow, readSource } from '../architecture/source-files.ts';
import { configMapsOf, workloadsOf } from './kubernetes-objects.ts';
import { readYaml, resourcesIn } from './kustomization.ts';
import { COMPONENT, LOG_AGENT, serviceAddresses, valuesOf } from './observability.ts';

const addresses = serviceAddresses();
const workloads = workloadsOf([COMPONENT, LOG_AGENT].flatMap(resourcesIn));

type Relabeling = { readonly action?: string; readonly source_labels: readonly string[]; readonly regex?: string };
type Scraping = {
  readonly job_name: string;
  readonly honor_labels: boolean;
  readonly relabel_configs: readonly Relabeling[];
};

describe('prometheus.yml', () => {
  const config = readYaml<{ rule_files: string[]; scrape_configs: Scraping[] }>(`${COMPONENT}/prometheus.yml`);

  /** The jobs that scrape a port of a pod. */
  const jobsFor = (partOf: string | undefined, port: string): string[] =>
    config.scrape_configs
      .filter(({ relabel_configs: [keep] }) => new RegExp(`^(?:${keep?.regex})$`).test(`${partOf};${port}`))
      .map(({ job_name: job }) => job);

  it('scrapes the port metrics of the services and no other port', () => {
    expect(jobsFor('mercato', 'metrics')).toEqual(['mercato']);
    for (const port of ['http', 'grpc', 'metrics2']) expect(jobsFor('mercato', port)).toEqual([]);
  });

  it('scrapes one port of each observability server in its namespace', () => {
    for (const { name, labels, pod } of workloads.filter((workload) => workload.name !== 'otel-logs')) {
      const ports = pod.containers.flatMap((container) => (container.ports ?? []).map((port) => port.name));
      const asked = ports.filter((port) => jobsFor(labels['app.kubernetes.io/part-of'], port).length > 0);
      expect({ name, asked }).toEqual({ name, asked: [expect.stringMatching(/^(?:metrics|http)$/)] });
    }
  });

  it('keeps the label service of a scraped series', () => {
    for (const { honor_labels: honors } of config.scrape_configs) expect(honors).toBe(true);
  });

  it('refers to the rules at their mount path', () => {
    expect(config.rule_files).toEqual(['rules/*.yaml']);
    const volumes = workloads.find(({ name }) => name === 'prometheus')?.pod.volumes ?? [];
    const sources = volumes.filter(({ name }) => name === 'config').flatMap(configMapsOf);
    const paths = sources.flatMap(({ items = [] }) => items.map(({ path }) => path));
    expect(paths.map((path) => `${COMPONENT}/${path}`).sort()).toEqual(pathsBelow(`${COMPONENT}/rules`));
  });
});

type DataSource = { readonly uid: string; readonly type: string; readonly url: string; readonly jsonData: unknown };

describe('Grafana', () => {
  const path = `${COMPONENT}/config/data-sources.yaml`;
  const { datasources } = readYaml<{ datasources: DataSource[] }>(path);
  const uids = datasources.map(({ uid }) => uid);

  it('has a data source with a fixed uid per signal', () => {
    expect(Object.fromEntries(datasources.map(({ uid, type }) => [uid, type]))).toEqual({
      prometheus: 'prometheus',
      jaeger: 'jaeger',
      loki: 'loki',
    });
    for (const { url } of datasources) expect(addresses).toContain(url.replace('http://', ''));
  });

  it('links exemplar to trace, trace to lines and metrics, and line to trace', () => {
    const links = datasources.map(({ uid, jsonData }) => [
      uid,
      [...new Set(valuesOf('datasourceUid', jsonData).map(String))].sort(),
    ]);
    expect(Object.fromEntries(links)).toEqual({
      prometheus: ['jaeger'],
      jaeger: ['loki', 'prometheus'],
      loki: ['jaeger'],
    });
  });

  it('escapes the dollar signs of variables', () => {
    expect(
      readSource(path)
        .text.replace(/^\s*#.*$/gm, '')
        .match(/(?<!\$)\$(?!\$)/g),
    ).toBeNull();
  });

  it('has every data source that a dashboard uses', () => {
    const dashboards = pathsBelow(`${COMPONENT}/dashboards`);
    expect(dashboards).not.toEqual([]);
    for (const dashboard of dashboards) {
      const asked = valuesOf('datasource', JSON.parse(readSource(dashboard).text)).map(
        (source) => valuesOf('uid', source)[0],
      );
      const known = [...uids, '-- Grafana --', '-- Mixed --'];
      expect(asked.filter((uid) => typeof uid !== 'string' || !known.includes(uid))).toEqual([]);
    }
  });

  it('reads dashboards from their mount path and has one as home page', () => {
    const { providers } = readYaml<{ providers: { options: { path: string } }[] }>(
      `${COMPONENT}/config/dashboard-providers.yaml`,
    );
    const [container] = workloads.find(({ name }) => name === 'grafana')?.pod.containers ?? [];
    const mount = container?.volumeMounts?.find(({ name }) => name === 'dashboards')?.mountPath;
    expect(providers.map(({ options }) => options.path)).toEqual([mount]);
    const home = container?.env?.find(({ name }) => name === 'GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH')?.value;
    expect(pathsBelow(`${COMPONENT}/dashboards`)).toContain(home?.replace(mount ?? '', `${COMPONENT}/dashboards`));
  });
});

describe('Loki', () => {
  type Loki = { limits_config: { otlp_config: unknown; retention_period: string }; common: { path_prefix: string } };
  const loki = readYaml<Loki>(`${COMPONENT}/config/loki.yaml`);

  it('has the labels that links and dashboards use', () => {
    const labels = valuesOf('attributes', loki.limits_config.otlp_config)
      .flat()
      .map((name) => String(name).replaceAll('.', '_'));
    const asked = [
      readSource(`${COMPONENT}/config/data-sources.yaml`).text,
      ...pathsBelow(`${COMPONENT}/dashboards`).map((path) => readSource(path).text),
    ].flatMap((text) =>
      [...text.matchAll(/\b((?:service|k8s)_(?:name|namespace|namespace_name))=~?\\?"/g)].map((match) => match[1]),
    );
    expect(asked).not.toEqual([]);
    expect(asked.filter((label) => !labels.includes(label ?? ''))).toEqual([]);
  });

  it('writes to its own disk only', () => {
    const [container] = workloads.find(({ name }) => name === 'loki')?.pod.containers ?? [];
    expect(container?.volumeMounts?.map(({ mountPath }) => mountPath)).toContain(loki.common.path_prefix);
  });
});
