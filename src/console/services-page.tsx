import { serviceNames, topology } from '../topology.ts';
import type { Edge } from './edge-stats.ts';
import { LAUNCHER } from './instance.ts';
import { type Cells, duration, Layout, percent, ServiceName, Table } from './layout.tsx';
import { numbersOf, ServiceGraph } from './service-graph.tsx';
import type { ShopState } from './service-watch.ts';

const COLUMNS = ['Service', 'Health', 'Called by', 'Address', 'Metrics', 'Purpose'];

export function ServicesPage({ instances, edges }: ShopState) {
  const inOrder = [...serviceNames, LAUNCHER].flatMap((name) => instances.filter(({ service }) => service === name));
  return (
    <Layout title="Services">
      <p>
        Calls between services, from the metrics of the last minute; reload to update. Only errors that are the called
        service’s fault count.
      </p>
      <ServiceGraph edges={edges} instances={instances} />
      <Table columns={COLUMNS} rows={inOrder.map((instance) => cellsOf(instance, edges))} />
    </Layout>
  );
}

function cellsOf(instance: ShopState['instances'][number], edges: readonly Edge[]): Cells {
  const { service, health, metrics, busy, lagMs, memoryMb } = instance;
  const callers = edges.filter(({ to }) => to === service);
  return [
    <ServiceName name={service} />,
    [
      <span class={health === 'ready' ? 'good' : 'bad'}>{health}</span>,
      busy !== undefined && (
        <p>{`event loop ${percent(busy)} busy, p99 lag ${duration(lagMs)}, ${memoryMb.toFixed()} MB`}</p>
      ),
    ],
    callers.map((edge) => <p class={edge.errorRatio > 0 ? 'bad' : ''}>{`${edge.from}: ${numbersOf(edge)}`}</p>),
    instance.address,
    <a href={`http://${metrics}/metrics`}>{metrics}</a>,
    service === LAUNCHER ? 'The process that runs all services.' : topology[service].purpose,
  ];
}
