import { Attributes, type Cells, duration, Layout, ServiceName, Table } from './layout.tsx';
import type { SeenLine, SeenTrace } from './trace-window.ts';
import { type Row, rowsOf } from './waterfall.ts';

/** The waterfall of a trace with attributes and log lines. */
export function TracePage({ traceId, trace }: { readonly traceId: string; readonly trace: SeenTrace }) {
  const rows = rowsOf(trace.spans);
  const root = rows[0]?.span;
  const beganMs = rows.reduce((first, { span }) => Math.min(first, span.startMs), Number.POSITIVE_INFINITY);
  const totalMs = rows.reduce((last, { span }) => Math.max(last, span.endMs - beganMs), 0);
  const columns = ['Span', 'Service', '#Began at', '#Took', `Time, 0 to ${duration(totalMs)}`];
  const lines = [...trace.lines].sort((a, b) => `${a.time}`.localeCompare(`${b.time}`));
  return (
    <Layout title={root?.name ?? 'A trace without spans'}>
      <p>
        {root && `Answered in ${duration(root.endMs - root.startMs)}, all done after ${duration(totalMs)}. `}
        {trace.forgotten > 0 && `Too long to be kept whole: ${trace.forgotten} older spans and lines are not here. `}
        Open one of its {rows.length} spans to see its attributes. Trace <code>{traceId}</code>
      </p>
      <Table columns={columns} rows={rows.map((row) => spanCells(row, beganMs, totalMs))} />
      <h2>Logs</h2>
      <Table columns={['Message', 'Service', 'Level', 'Time, UTC', 'Fields']} rows={lines.map(lineCells)} />
    </Layout>
  );
}

function spanCells({ span, depth }: Row, beganMs: number, totalMs: number): Cells {
  const { service, kind, isError, startMs, endMs } = span;
  const isCut = depth === 0 && span.parentSpanId !== '';
  return [
    <details id={span.spanId} class={`depth-${Math.min(depth, 9)} ${isError ? 'failed' : ''}`}>
      <summary>
        {span.name} <small>{isCut ? `${kind}, its parent is not here` : kind}</small>{' '}
        {isError && <span class="bad">failed</span>}
      </summary>
      <Attributes of={span.attributes} />
      {span.events.map(({ name, atMs, attributes }) => [
        <p>{`${name}, after ${duration(atMs - startMs)}`}</p>,
        <Attributes of={attributes} />,
      ])}
    </details>,
    <ServiceName name={service} />,
    duration(startMs - beganMs),
    duration(endMs - startMs),
    <svg viewBox={`0 0 ${totalMs} 16`} preserveAspectRatio="none" aria-hidden="true">
      <rect class={`bar s-${service}`} x={startMs - beganMs} width={endMs - startMs} y="2" height="12" />
    </svg>,
  ];
}

function lineCells(line: SeenLine): Cells {
  const { time = '', level = '', service = '', msg, span_id: spanId, trace_id: _, version: __, ...rest } = line;
  return [
    <a href={`#${spanId}`}>{msg}</a>,
    <ServiceName name={service} />,
    <span class={level === 'info' || level === 'debug' ? '' : 'bad'}>{level}</span>,
    time.slice(11, 23),
    <Attributes of={Object.entries(rest)} />,
  ];
}
