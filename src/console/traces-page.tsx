import { type Cells, duration, Layout, ServiceName, Table } from './layout.tsx';
import type { SeenTrace } from './trace-window.ts';
import { rootsOf } from './waterfall.ts';

const COLUMNS = ['What', 'Begun by', 'Time, UTC', '#Services', '#Spans', '#Took', 'Errors'];

/** The list of traces, newest first: all of them, or only those with errors. */
export function TracesPage(props: { readonly traces: ReadonlyMap<string, SeenTrace>; readonly onlyErrors: boolean }) {
  const rows = [...props.traces].reverse().flatMap(([traceId, { spans }]): Cells[] => {
    const [root] = rootsOf(spans);
    const errors = spans.filter(({ isError }) => isError).length;
    if (root === undefined || (props.onlyErrors && errors === 0)) return [];
    const cells = [
      <a href={`/traces/${traceId}`}>{root.name}</a>,
      <ServiceName name={root.service} />,
      new Date(root.startMs).toISOString().slice(11, 19),
      new Set(spans.map(({ service }) => service)).size,
      spans.length,
      duration(root.endMs - root.startMs),
      errors > 0 && <span class="bad">{`${errors} failed`}</span>,
    ];
    return [cells];
  });
  return (
    <Layout title="Traces">
      <p>
        One trace a click: what every service did for it. The last few hundred are here; reload for new ones.{' '}
        {props.onlyErrors ? <a href="/">Show all</a> : <a href="/?show=errors">Show those with errors</a>}
      </p>
      {rows.length === 0 && <p>None yet. Open the shop, click around, and reload this page.</p>}
      <Table columns={COLUMNS} rows={rows} />
    </Layout>
  );
}
