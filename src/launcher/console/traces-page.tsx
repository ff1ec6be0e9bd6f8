import { duration, Layout, ServiceName, Table, type TableRow } from './layout.tsx';
import type { SeenTrace } from './trace-window.ts';
import { rowsOf, withoutPackage } from './waterfall.ts';

const COLUMNS = ['What', 'Begun by', 'Time', '#Services', '#Spans', '#Took', 'Errors'];

/** The list of traces, newest first: all of them, or those in which something failed. */
export function TracesPage(props: { readonly traces: ReadonlyMap<string, SeenTrace>; readonly onlyErrors: boolean }) {
  const rows = [...props.traces].reverse().flatMap(([traceId, { spans }]): TableRow[] => {
    const [root] = rowsOf(spans);
    const errors = spans.filter(({ isError }) => isError).length;
    if (root === undefined || (props.onlyErrors && errors === 0)) return [];
    const { name, service, startMs } = root.span;
    const cells = [
      <a href={`/traces/${traceId}`}>{withoutPackage(name)}</a>,
      <ServiceName name={service} />,
      new Date(startMs).toTimeString().slice(0, 8),
      new Set(spans.map((span) => span.service)).size,
      spans.length,
      duration(root.durationMs),
      errors > 0 && <span class="bad">{`${errors} failed`}</span>,
    ];
    return [{ cells }];
  });
  return (
    <Layout title="Traces">
      <p>
        One trace a click: what every service did for it. The last few hundred are here; reload for new ones.{' '}
        {props.onlyErrors ? <a href="/">Show all</a> : <a href="/?show=errors">Show those with errors</a>}
      </p>
      {rows.length === 0 ? <p>None yet. Open the shop, click around, and reload this page.</p> : undefined}
      <Table columns={COLUMNS} rows={rows} />
    </Layout>
  );
}
