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

/** The words between backquotes in a cell, before whatever explains them. */
export function wordsIn(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, word]) => word ?? '');
}

type SpanLike = { readonly name: string; readonly kind: string; readonly service: string };

/** The spans that no row of the document describes, each once. */
export function undocumentedSpans(spans: readonly SpanLike[]): string[] {
  const rows = documented('Spans').map(({ name, cells: [kinds = '', of = ''] }) => ({
    pattern: new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/<[^>]+>/g, '\\S+')}$`),
    kinds: kinds.split(', '),
    of,
  }));
  const isDocumented = ({ name, kind, service }: SpanLike): boolean =>
    rows.some(
      ({ pattern, kinds, of }) =>
        pattern.test(name) && kinds.includes(kind.toLowerCase()) && (of === 'every service' || of.startsWith(service)),
    );
  return [
    ...new Set(
      spans.filter((span) => !isDocumented(span)).map(({ name, kind, service }) => `${service} ${kind} ${name}`),
    ),
  ];
}

const COMMON_FIELDS = ['level', 'time', 'service', 'version', 'msg', 'trace_id', 'span_id'];

/** What of the lines no row of the document describes, each once: a message, or a field of it. */
export function undocumentedLines(lines: readonly Readonly<Record<string, unknown>>[]): string[] {
  const fieldsOf = new Map(documented('Logs').map(({ name, cells: [, , fields] }) => [name, wordsIn(fields)]));
  const odd = lines.flatMap(({ msg, ...fields }) => {
    const known = fieldsOf.get(String(msg));
    if (known === undefined) return [String(msg)];
    const unknown = Object.keys(fields).filter((field) => !known.includes(field) && !COMMON_FIELDS.includes(field));
    return unknown.map((field) => `${String(msg)}: ${field}`);
  });
  return [...new Set(odd)].sort();
}
