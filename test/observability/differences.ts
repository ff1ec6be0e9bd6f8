import type { KnownSeries } from './declared-metrics.ts';
import {
  type AttributeRow,
  type EventAttributeRow,
  FAILED,
  isNameOf,
  type LineRow,
  listed,
  type MetricRow,
  type SpanRow,
  servicesOf,
} from './documented.ts';
import type { LogCall } from './log-calls.ts';
import { HOLE, type SpanSite } from './span-sites.ts';

/** What the rows of the spans say that the code does not do, and the other way round. */
export function spanDifferences(rows: readonly SpanRow[], sites: readonly SpanSite[]): string[] {
  const made = sites.flatMap(({ path, kind, names }) => names.map((name) => ({ path, kind, name })));
  const listedSpans = rows.flatMap(({ name, kinds, of }) => kinds.map((kind) => ({ name, kind, of })));
  const matches = (row: (typeof listedSpans)[number], span: (typeof made)[number]): boolean => {
    const example = row.name.replace(/<[^>]*>/g, 'x');
    return row.kind === span.kind && isOf(span.path, row.of) && isNameOf(span.name, example);
  };
  return [
    ...listedSpans
      .filter((row) => !made.some((span) => matches(row, span)))
      .map(({ name, kind, of }) => `Spans: no code of ${of} begins \`${name}\` of kind ${kind}`),
    ...made
      .filter((span) => !listedSpans.some((row) => matches(row, span)))
      .map(
        ({ path, kind, name }) => `Spans: ${path} begins \`${name.replaceAll(HOLE, '...')}\` of kind ${kind}: no row`,
      ),
  ];
}

/** What the rows of the log lines say that the code does not do, and the other way round. */
export function lineDifferences(rows: readonly LineRow[], calls: readonly LogCall[]): string[] {
  const unlisted = calls.filter(({ message }) => !rows.some((row) => row.message === message));
  return [
    ...unlisted.map(({ path, message }) => `Logs: ${path} logs \`${message}\`, which has no row`),
    ...rows.flatMap((row) =>
      lineDifference(
        row,
        calls.filter(({ message }) => message === row.message),
      ).map((difference) => `Logs: \`${row.message}\`${difference}`),
    ),
  ];
}

function lineDifference(row: LineRow, calls: readonly LogCall[]): string[] {
  if (calls.length === 0) return [' is logged nowhere'];
  const [{ path } = { path: '' }] = calls;
  const levels = calls.map(({ level }) => level);
  const fields = calls.flatMap((call) => call.fields);
  return [
    ...setDifference({ listed: row.levels, found: levels }, 'level').map((one) => `: ${one} in ${path}`),
    ...setDifference({ listed: row.fields, found: fields }, 'field').map((one) => `: ${one} in ${path}`),
    ...calls
      .filter(({ isEvent }) => isEvent !== (row.event !== 'none'))
      .map((call) => `: it is ${call.isEvent ? 'an' : 'no'} event in ${call.path}`),
    ...calls
      .filter((call) => !isOf(call.path, row.of))
      .map((call) => `: it is logged in ${call.path}, not by ${row.of}`),
  ];
}

/** What the rows of the metrics say that the code does not do, and the other way round. */
export function metricDifferences(
  rows: readonly MetricRow[],
  declared: { readonly names: readonly string[]; readonly series: KnownSeries },
): string[] {
  const names = setDifference({ listed: rows.map(({ name }) => name), found: declared.names }, 'metric');
  const others = rows.flatMap((row) => {
    const series = declared.series.get(row.name) ?? declared.series.get(`${row.name}_count`);
    return series === undefined
      ? []
      : metricDifference(row, series).map((difference) => `\`${row.name}\`: ${difference}`);
  });
  return [...names, ...others].map((difference) => `Metrics: ${difference}`);
}

function metricDifference(row: MetricRow, series: ReadonlyMap<string, unknown>): string[] {
  const valuesOf = (label: string): string[] => {
    const values = series.get(label);
    return values instanceof Set ? [...(values as Set<string>)] : [];
  };
  const labels = [...series.keys()].filter((label) => !['service', 'instance'].includes(label));
  return [
    ...setDifference({ listed: servicesOf(row.of), found: valuesOf('service') }, 'service'),
    ...setDifference({ listed: row.labels.map(({ label }) => label), found: labels }, 'label'),
    ...row.labels.flatMap(({ label, values, isOpen }) =>
      setDifference(
        { listed: values, found: isOpen ? values.filter((one) => valuesOf(label).includes(one)) : valuesOf(label) },
        label,
      ),
    ),
  ];
}

/** What the rows of the attributes say that the code does not have, and the other way round. */
export function attributeDifferences(
  rows: {
    readonly ofSpans: readonly AttributeRow[];
    readonly ofEvents: readonly EventAttributeRow[];
    readonly spans: readonly SpanRow[];
  },
  code: { readonly names: readonly string[]; readonly ofFields: Readonly<Record<string, string>> },
): string[] {
  const { ofSpans, ofEvents } = rows;
  const called = new Set([...rows.spans.map((span) => span.called), FAILED]);
  const names = { listed: [...ofSpans, ...ofEvents].map(({ name }) => name), found: code.names };
  const fields = {
    listed: ofEvents.map(({ name, field }) => `${field} as ${name}`),
    found: Object.entries(code.ofFields).map(([field, name]) => `${field} as ${name}`),
  };
  return [
    ...setDifference(names, 'attribute').map((difference) => `Attributes: ${difference}`),
    ...setDifference(fields, 'field').map((difference) => `Events: ${difference}`),
    ...ofSpans.flatMap(({ name, of }) =>
      (of.length === 0 ? [''] : of)
        .filter((one) => !called.has(one))
        .map((one) => `Attributes: \`${name}\` is of "${one}", and no row of Spans is called that`),
    ),
  ];
}

/** True when a row is of the services that run the code in a file. */
function isOf(path: string, of: string): boolean {
  const folder = path.split('/')[1] ?? '';
  if (folder !== 'lib') return servicesOf(of).join() === folder;
  const shared = path.startsWith('src/lib/grpc/') ? ['gRPC servers', 'gRPC clients'] : ['every service', 'launcher'];
  return of !== '' && listed(of).every((part) => shared.includes(part));
}

function setDifference(
  { listed: rows, found }: { listed: readonly string[]; found: readonly string[] },
  what: string,
): string[] {
  return [
    ...new Set([
      ...rows
        .filter((one) => !found.includes(one))
        .map((one) => `the document lists the ${what} \`${one}\`, which is not there`),
      ...found
        .filter((one) => !rows.includes(one))
        .map((one) => `the document lacks the ${what} \`${one}\`, which is there`),
    ]),
  ];
}
