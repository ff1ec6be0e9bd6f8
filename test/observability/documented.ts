import { serviceNames, topology } from '../../src/topology.ts';
import { quoted, section, tableRows } from '../architecture/markdown.ts';
import { readSource } from '../architecture/source-files.ts';

/** The document that lists all telemetry. */
export const DOCUMENT = 'docs/observability.md';

const { text } = readSource(DOCUMENT);

/** The rows of the table below a heading of the document: the first cell unquoted, the others as they are. */
export function documented(heading: string): { readonly name: string; readonly cells: readonly string[] }[] {
  const rows = tableRows(section(text, heading) ?? '');
  if (rows.length === 0) throw new Error(`${DOCUMENT} has no table below "${heading}"`);
  return rows.map(([name, ...cells]) => ({ name: quoted(name) ?? `not quoted: ${name}`, cells }));
}

/** The words between backquotes in a cell. */
export function wordsIn(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, word]) => word ?? '');
}

/** The parts of a cell that lists some. */
export function listed(cell: string | undefined): string[] {
  return (cell ?? '').split(', ').filter((part) => part !== '' && part !== '-');
}

/** The services that a cell names, one by one or by what they have in common; what stands behind a name says when. */
export function servicesOf(cell: string | undefined): string[] {
  return listed(cell).flatMap((part) => {
    if (part === 'every service') return [...serviceNames];
    if (part === 'gRPC servers') return serviceNames.filter((name) => topology[name].protocol === 'grpc');
    if (part === 'gRPC clients') return serviceNames.filter((name) => Object.keys(topology[name].calls).length > 0);
    const [name = ''] = part.split(' ');
    const isKnown = name === 'launcher' || serviceNames.some((service) => service === name);
    return isKnown ? [name] : [`not a service: ${name}`];
  });
}

/** A row of the spans. */
export type SpanRow = {
  readonly name: string;
  readonly kinds: readonly string[];
  readonly of: string;
  /** What the rows of the attributes call these spans. */
  readonly called: string;
};

/** The rows of the spans. */
export function spanRows(): SpanRow[] {
  return documented('Spans').map(({ name, cells: [kinds, of = '', called = ''] }) => {
    return { name, kinds: listed(kinds), of, called };
  });
}

/** True for a name of the pattern: what stands in angle brackets is one word. */
export function isNameOf(pattern: string, name: string): boolean {
  const literal = pattern.split(/<[^>]*>/).map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return new RegExp(`^${literal.join('\\S+')}$`).test(name);
}

/** What the rows call spans that failed, whatever else they are. */
export const FAILED = 'whatever failed';

/** A row of the attributes of spans. An attribute has several when it says something else on other spans. */
export type AttributeRow = {
  readonly name: string;
  /** The spans that have it, as the rows of the spans call them, or {@link FAILED}. */
  readonly of: readonly string[];
  /** Values it has been seen with. */
  readonly values: readonly string[];
  /** True when it can have others, too. */
  readonly isOpen: boolean;
  /** True when it may be absent. */
  readonly isOptional: boolean;
};

/** The rows of the attributes of spans. */
export function attributeRows(): AttributeRow[] {
  return documented('Attributes').map(({ name, cells: [of, value] }) => {
    return { name, of: listed(of), ...valuesIn(value) };
  });
}

/** A row of the attributes of events. */
export type EventAttributeRow = Omit<AttributeRow, 'of'> & {
  /** The field of the line that it is. */
  readonly field: string;
};

/** The rows of the attributes of events. */
export function eventAttributeRows(): EventAttributeRow[] {
  return documented('Events').map(({ name, cells: [field, value] }) => {
    return { name, field: wordsIn(field).join(), ...valuesIn(value) };
  });
}

/** What the document says that every resource has: names of attributes, and the namespace. Sorted. */
export function resourceWords(): string[] {
  const [before = ''] = (section(text, 'Attributes') ?? '').split('\n|');
  return wordsIn(before).sort();
}

// What is quoted are all values there are, unless they are examples.
function valuesIn(cell = '') {
  const [before = '', examples] = cell.split('such as');
  const values = wordsIn(examples ?? before);
  return { values, isOpen: examples !== undefined || values.length === 0, isOptional: cell.includes('absent') };
}

/** A row of the log lines. */
export type LineRow = {
  readonly message: string;
  readonly levels: readonly string[];
  /** Whether it is an event, and whether that is one of a span. */
  readonly event: 'none' | 'of a span' | 'without a span';
  readonly of: string;
  readonly fields: readonly string[];
};

const EVENT_CELLS = { '-': 'none', yes: 'of a span', 'without a span': 'without a span' } as const;

/** The rows of the log lines. */
export function lineRows(): LineRow[] {
  return documented('Logs').map(({ name, cells: [level = '', event = '', of = '', fields] }) => {
    const levels = level.match(/\b(?:debug|info|warn|error|fatal)\b/g) ?? [];
    if (!Object.hasOwn(EVENT_CELLS, event)) throw new Error(`${DOCUMENT} says of the line "${name}": event "${event}"`);
    const kind = EVENT_CELLS[event as keyof typeof EVENT_CELLS];
    return { message: name, levels, event: kind, of, fields: wordsIn(fields).sort() };
  });
}

/** A row of the metrics. */
export type MetricRow = { readonly name: string; readonly of: string; readonly labels: readonly LabelOfRow[] };

/** A label, with the values of it that the row names. */
export type LabelOfRow = { readonly label: string; readonly values: readonly string[]; readonly isOpen: boolean };

/** The rows of the metrics. */
export function metricRows(): MetricRow[] {
  return documented('Metrics').map(({ name, cells: [of = '', labels = ''] }) => {
    // Of the last label the values may stand behind a colon, of any in brackets.
    const [before = '', after = ''] = labels.split(/: (?![^(]*\))/);
    const found = [...before.matchAll(/`([^`]+)`(?: \(([^)]*)\))?/g)];
    return {
      name,
      of,
      labels: found.map(([, label = '', aside], index) => {
        const values = index === found.length - 1 && after !== '' ? after : (aside ?? '');
        return { label, values: wordsIn(values), isOpen: !/^`[^`]+`(?:(?:, | or )`[^`]+`)*$/.test(values) };
      }),
    };
  });
}
