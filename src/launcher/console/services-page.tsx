import { serviceNames, topology } from '../../topology.ts';
import type { Edge } from './edge-stats.ts';
import { duration, Layout, rate, ServiceName, Table, type TableRow } from './layout.tsx';
import { ServiceGraph } from './service-graph.tsx';
import type { InstanceHealth } from './service-watch.ts';

/** The services: how they are, and the traffic between them. */
export function ServicesPage(props: { readonly health: readonly InstanceHealth[]; readonly edges: readonly Edge[] }) {
  const inOrder = serviceNames.flatMap((name) => props.health.filter(({ service }) => service === name));
  return (
    <Layout title="Services">
      <p>
        Who calls whom, by the metrics of the last minute; reload for newer ones. Errors are the called service’s own.
      </p>
      <ServiceGraph {...props} />
      <h2>Traffic</h2>
      <Table columns={['From', 'To', '#Rate', '#Errors', '#95 % within']} rows={props.edges.map(edgeRow)} />
      <h2>Health</h2>
      <Table columns={['Service', 'Health', 'Address', 'Metrics', 'What it is for']} rows={inOrder.map(healthRow)} />
    </Layout>
  );
}

function edgeRow({ from, to, perSecond, errorRatio, p95Ms }: Edge): TableRow {
  const cells = [
    <ServiceName name={from} />,
    <ServiceName name={to} />,
    rate(perSecond),
    <span class={errorRatio > 0 ? 'bad' : ''}>{`${(errorRatio * 100).toFixed(1)} %`}</span>,
    p95Ms === undefined ? '-' : duration(p95Ms),
  ];
  return { cells };
}

function healthRow({ service, health, address, metrics }: InstanceHealth): TableRow {
  const cells = [
    <ServiceName name={service} />,
    <span class={health === 'ready' ? 'good' : 'bad'}>{health}</span>,
    address,
    <a href={`http://${metrics}/metrics`}>{metrics}</a>,
    topology[service].purpose,
  ];
  return { cells };
}
