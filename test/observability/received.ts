import type { ReceivedSpan } from '../integration/received-span.ts';
import {
  type AttributeRow,
  attributeRows,
  type EventAttributeRow,
  eventAttributeRows,
  FAILED,
  isNameOf,
  type LineRow,
  lineRows,
  resourceWords,
  type SpanRow,
  servicesOf,
  spanRows,
} from './documented.ts';

/** What is looked at of a span; of its resource, when that is known. */
export type SeenSpan = Pick<ReceivedSpan, 'service' | 'name' | 'kind' | 'attributes' | 'events' | 'isError'> &
  Partial<Pick<ReceivedSpan, 'resource'>>;

/** Lines of a log, read. */
export type SeenLines = readonly Readonly<Record<string, unknown>>[];

/** What the document says of spans and of the log. */
export type Rows = {
  readonly spans: readonly SpanRow[];
  readonly attributes: readonly AttributeRow[];
  readonly eventAttributes: readonly EventAttributeRow[];
  readonly lines: readonly LineRow[];
};

const documentRows: Rows = {
  spans: spanRows(),
  attributes: attributeRows(),
  eventAttributes: eventAttributeRows(),
  lines: lineRows(),
};

/** What a shop told that the document does not say, each once, in words that say what to mend. */
export function undocumented(told: { spans: readonly SeenSpan[]; lines: SeenLines }, rows = documentRows): string[] {
  const odd = [
    ...told.spans.flatMap((span) => oddInSpan(span, rows)),
    ...told.lines.flatMap((line) => oddInLine(line, rows.lines)),
  ];
  return [...new Set(odd)].sort();
}

/** What the document says of spans that none of these shows, in words that say what to mend. */
export function unseen(spans: readonly SeenSpan[], rows = documentRows): string[] {
  const classed = spans.map(({ attributes, ...span }) => ({ attributes, of: classesOf(span, rows.spans) }));
  const events = spans.flatMap((span) => span.events);
  const wanted = rows.lines.filter(({ event }) => event === 'of a span');
  return [
    ...rows.spans.flatMap((row) =>
      row.kinds.flatMap((kind) =>
        servicesOf(row.of)
          .filter((of) => !spans.some((span) => isOf(span, { ...row, kinds: [kind], of })))
          .map((of) => `Spans: none was \`${row.name}\` of kind ${kind}, of ${of}`),
      ),
    ),
    ...rows.attributes.flatMap((row) => {
      const given = row.of.map((of) => ({ of, bearers: classed.filter((span) => span.of.includes(of)) }));
      return unseenOf(row, given);
    }),
    ...wanted
      .filter(({ message }) => !events.some(({ name }) => name === message))
      .map(({ message }) => `Logs: no span had the event \`${message}\``),
    ...rows.eventAttributes
      .filter(({ field }) => wanted.some(({ fields }) => fields.includes(field)))
      .flatMap((row) => unseenOf(row, [{ of: 'events', bearers: events }])),
  ];
}

type Bearers = readonly Pick<SeenSpan, 'attributes'>[];

function unseenOf(
  { name, values }: Pick<AttributeRow, 'name' | 'values'>,
  given: readonly { readonly of: string; readonly bearers: Bearers }[],
): string[] {
  const found = new Set(given.flatMap(({ bearers }) => bearers.map(({ attributes }) => String(attributes[name]))));
  return [
    ...given
      .filter(({ bearers }) => !bearers.some(({ attributes }) => name in attributes))
      .map(({ of }) => `Attributes: \`${name}\` was not on ${of}`),
    ...values.filter((value) => !found.has(value)).map((value) => `Attributes: \`${name}\` was never \`${value}\``),
  ];
}

function isOf({ name, kind, service }: Omit<SeenSpan, 'attributes'>, row: SpanRow): boolean {
  return isNameOf(row.name, name) && row.kinds.includes(kind.toLowerCase()) && servicesOf(row.of).includes(service);
}

/** What the rows of the attributes call a span; nothing for one without a row. */
function classesOf(span: Omit<SeenSpan, 'attributes'>, rows: readonly SpanRow[]): string[] {
  const called = rows.filter((row) => isOf(span, row)).map((row) => row.called);
  return called.length > 0 && span.isError ? [...called, FAILED] : called;
}

function oddInSpan(span: SeenSpan, rows: Rows): string[] {
  const { name, kind, service, attributes, events, resource } = span;
  const classes = classesOf(span, rows.spans);
  const [called] = classes;
  if (called === undefined) return [`Spans: \`${name}\` of kind ${kind.toLowerCase()}, of ${service}, has no row`];
  const about = rows.attributes.filter(({ of }) => of.some((one) => classes.includes(one)));
  return [
    ...about
      .filter((row) => !row.isOptional && !(row.name in attributes))
      .map((row) => `Attributes: \`${row.name}\` was absent on ${called}, which its row does not say`),
    ...oddAttributes(attributes, about, called),
    ...(resource === undefined ? [] : oddResource(resource)),
    ...events.flatMap((event) => oddInEvent(event, rows)),
  ];
}

function oddResource(resource: ReceivedSpan['resource']): string[] {
  const told = [...Object.keys(resource), String(resource['service.namespace'])].sort();
  return String(told) === String(resourceWords()) ? [] : [`Attributes: the resource has ${told.join(', ')}`];
}

function oddAttributes(
  attributes: SeenSpan['attributes'],
  about: readonly Pick<AttributeRow, 'name' | 'values' | 'isOpen'>[],
  of: string,
): string[] {
  return Object.entries(attributes).flatMap(([name, value]) => {
    const its = about.filter((row) => row.name === name);
    if (its.length === 0) return [`Attributes: \`${name}\` was on ${of}, which no row says`];
    const isListed = its.some(({ isOpen, values }) => isOpen || values.includes(String(value)));
    return isListed ? [] : [`Attributes: \`${name}\` was \`${value}\` on ${of}, which its row does not list`];
  });
}

function oddInEvent({ name, attributes }: SeenSpan['events'][number], rows: Rows): string[] {
  const line = rows.lines.find(({ message }) => message === name);
  if (line?.event !== 'of a span') return [`Logs: \`${name}\` was an event of a span, which no row says`];
  const about = rows.eventAttributes.filter(({ field }) => line.fields.includes(field));
  return oddAttributes(attributes, about, `the event "${name}"`);
}

const ALWAYS = ['level', 'time', 'service', 'version', 'msg'];
const IN_A_SPAN = ['trace_id', 'span_id'];

function oddInLine(line: SeenLines[number], rows: readonly LineRow[]): string[] {
  const { msg, level, service } = line;
  const row = rows.find(({ message }) => message === msg);
  if (row === undefined) return [`Logs: \`${String(msg)}\` has no row`];
  const unknown = Object.keys(line).filter((field) => ![...ALWAYS, ...IN_A_SPAN, ...row.fields].includes(field));
  return [
    ...unknown.map((field) => `has the field \`${field}\``),
    ...ALWAYS.filter((field) => !(field in line)).map((field) => `lacks the field \`${field}\``),
    ...(row.levels.includes(String(level)) ? [] : [`is of level ${String(level)}`]),
    ...(servicesOf(row.of).includes(String(service)) ? [] : [`is of ${String(service)}`]),
  ].map((odd) => `Logs: \`${row.message}\` ${odd}, which its row does not say`);
}
