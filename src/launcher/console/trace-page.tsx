import { Attributes, duration, Layout, ServiceName, Table, type TableRow } from './layout.tsx';
import type { SeenLine, SeenTrace } from './trace-window.ts';
import { type Row, rowsOf, withoutPackage } from './waterfall.ts';

/** One trace: the waterfall of its spans, each with its attributes, and the logs that belong to it. */
export function TracePage({ traceId, trace }: { readonly traceId: string; readonly trace: SeenTrace }) {
  const rows = rowsOf(trace.spans);
  const totalMs = Math.max(...rows.map(({ fromMs, durationMs }) => fromMs + durationMs), 0);
  const columns = ['Span', 'Service', '#Began at', '#Took', `Time, 0 to ${duration(totalMs)}`];
  const lines = [...trace.lines].sort((a, b) => `${a.time}`.localeCompare(`${b.time}`));
  return (
    <Layout title={withoutPackage(rows[0]?.span.name ?? 'A trace without spans')}>
      <p>
        {`Answered in ${duration(rows[0]?.durationMs ?? 0)}, all done after ${duration(totalMs)}. `}
        Open one of its {rows.length} spans to see its attributes. Trace <code>{traceId}</code>
      </p>
      <Table className="waterfall" columns={columns} rows={rows.map((row) => spanRow(row, totalMs))} />
      <h2>Logs</h2>
      <Table columns={['Message', 'Service', 'Level', 'Time', 'Fields']} rows={lines.map(lineRow)} />
    </Layout>
  );
}

function spanRow(row: Row, totalMs: number): TableRow {
  const { span, fromMs, durationMs } = row;
  const share = (ms: number): number => (totalMs > 0 ? (ms / totalMs) * 1000 : 0);
  const bar = { class: `bar s-${span.service}`, x: share(fromMs), width: Math.max(share(durationMs), 2) };
  const cells = [
    <Span row={row} />,
    <ServiceName name={span.service} />,
    duration(fromMs),
    duration(durationMs),
    <svg viewBox="0 0 1000 16" preserveAspectRatio="none" aria-hidden="true">
      <rect {...bar} y="2" height="12" />
    </svg>,
  ];
  return { id: span.spanId, className: `depth-${Math.min(row.depth, 9)} ${span.isError ? 'failed' : ''}`, cells };
}

function Span({ row: { span, isCut } }: { readonly row: Row }) {
  return (
    <details>
      <summary>
        {withoutPackage(span.name)} <small>{isCut ? `${span.kind}, its parent is not here` : span.kind}</small>{' '}
        {span.isError && <span class="bad">failed</span>}
      </summary>
      <Attributes of={span.attributes} />
      {span.events.map((event) => [
        <p>{`${event.name}, after ${duration(event.timeUnixNano - span.startMs)}`}</p>,
        <Attributes of={event.attributes} />,
      ])}
    </details>
  );
}

function lineRow(line: SeenLine): TableRow {
  const { time = '', level = '', service = '', msg, span_id: spanId, trace_id: _, version: __, ...rest } = line;
  const cells = [
    <a href={`#${spanId}`}>{msg}</a>,
    <ServiceName name={service} />,
    <span class={level === 'info' || level === 'debug' ? '' : 'bad'}>{level}</span>,
    time.slice(11, 23),
    <Attributes of={Object.entries(rest)} />,
  ];
  return { cells };
}
