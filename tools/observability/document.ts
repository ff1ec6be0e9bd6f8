import { SpanKind } from '@opentelemetry/api';
import type { LogLine } from '../../src/lib/log/log-line.ts';
import type { EventAttribute } from '../../src/lib/telemetry/business-event.ts';
import { FAILED_SPAN_ATTRIBUTES } from '../../src/lib/telemetry/in-span.ts';
import type { SpanAttribute } from '../../src/lib/telemetry/span-declaration.ts';
import type { Artifact } from '../generate/artifact.ts';
import { ATTRIBUTE_MEANINGS } from './attribute-meanings.ts';
import { declaredEvents, declaredLines } from './declared-lines.ts';
import { type DeclaredMetric, declaredMetrics } from './declared-metrics.ts';
import { declaredSpans } from './declared-spans.ts';
import { OBJECTIVES } from './objectives.ts';
import type { Writer } from './writers.ts';

const path = 'docs/observability.md';

/** Label sets with more values than these are documented by their name alone. */
const MAX_LISTED_VALUES = 6;

/** The reference tables of docs/observability.md, printed from the declared telemetry. */
export function observabilityTables(): Artifact[] {
  return [
    { path, region: 'spans', lines: spanTable() },
    { path, region: 'span-attributes', lines: attributeTable() },
    { path, region: 'event-attributes', lines: eventAttributeTable() },
    { path, region: 'metrics', lines: metricTable() },
    { path, region: 'events', lines: lineTable(declaredEvents()) },
    { path, region: 'logs', lines: lineTable(declaredLines()) },
    { path, region: 'objectives', lines: objectiveTable() },
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)];
}

function spanTable(): string[] {
  return table(
    ['spans', 'names', 'kind', 'started by'],
    declaredSpans.map(({ by, span }) => [span.title, codes(span.names), SpanKind[span.kind].toLowerCase(), by]),
  );
}

/** One row for each attribute and meaning, with the spans that share both. */
function attributeTable(): string[] {
  const rows = new Map<string, { attribute: SpanAttribute; spans: string[] }>();
  const add = (attribute: SpanAttribute, spans: string): void => {
    const key = JSON.stringify(attribute);
    const row = rows.get(key) ?? { attribute, spans: [] };
    rows.set(key, row);
    row.spans.push(spans);
  };
  for (const { span } of declaredSpans) for (const attribute of span.attributes) add(attribute, span.title);
  for (const attribute of FAILED_SPAN_ATTRIBUTES) add(attribute, 'every failed span');
  const sorted = [...rows.values()].sort((a, b) => compare(a.attribute.name, b.attribute.name));
  return table(
    ['attribute', 'spans', 'value', 'absent when'],
    sorted.map(({ attribute, spans }) => {
      return [`\`${attribute.name}\``, spans.join(', '), describedValue(attribute), attribute.absent ?? '-'];
    }),
  );
}

function describedValue({ values, about }: SpanAttribute): string {
  return [about, values && codes(values)].filter((part) => part !== undefined).join(': ');
}

function eventAttributeTable(): string[] {
  const fields = new Map<string, Set<string>>();
  for (const { lines } of declaredEvents()) {
    for (const line of Object.values(lines)) {
      for (const [field, { attribute }] of attributesOf(line)) {
        fields.set(attribute, (fields.get(attribute) ?? new Set()).add(field));
      }
    }
  }
  const meanings = new Map<string, string>(Object.entries(ATTRIBUTE_MEANINGS));
  const sorted = [...fields].sort(([a], [b]) => compare(a, b));
  return table(
    ['attribute', 'field of the log line', 'value'],
    sorted.map(([attribute, names]) => [`\`${attribute}\``, codes([...names]), meanings.get(attribute) ?? '']),
  );
}

function attributesOf({ fields }: LogLine): [string, EventAttribute][] {
  return Object.entries(fields).filter((entry): entry is [string, EventAttribute] => 'attribute' in entry[1]);
}

function metricTable(): string[] {
  return table(
    ['metric', 'type', 'service', 'labels', 'what it measures'],
    declaredMetrics().map(({ name, type, by, labels, help }) => [`\`${name}\``, type, by, labelsOf(labels), help]),
  );
}

function labelsOf(labels: DeclaredMetric['labels']): string {
  const parts = Object.entries(labels).map(([label, values]) => {
    const listed = values.length > 0 && values.length <= MAX_LISTED_VALUES;
    return listed
      ? `\`${label}\`: ${values.map((value) => (value === '' ? 'empty' : `\`${value}\``)).join(', ')}`
      : `\`${label}\``;
  });
  return parts.join('; ') || '-';
}

type Source = { readonly by: readonly Writer[]; readonly lines: Readonly<Record<string, LogLine>> };

function lineTable(sources: readonly Source[]): string[] {
  return table(
    ['message', 'level', 'written by', 'fields', 'when'],
    sources.flatMap(({ by, lines }) =>
      Object.values(lines).map((line) => [
        `\`${line.message}\``,
        line.level,
        by.join(', '),
        codes(loggedFields(line)) || '-',
        line.when,
      ]),
    ),
  );
}

/** The fields of a line that are written; those that only a counter reads are not. */
export function loggedFields({ fields }: LogLine): string[] {
  return Object.entries(fields)
    .filter(([, field]) => !('isCountedOnly' in field))
    .map(([name]) => name);
}

function objectiveTable(): string[] {
  return table(
    ['objective', 'target over 30 days', 'good responses', 'counted requests'],
    OBJECTIVES.map(({ slo, target, withinSeconds, counted }) => [
      slo,
      `${Number((target * 100).toFixed(3))} %`,
      `no 5xx, within ${withinSeconds} s`,
      counted,
    ]),
  );
}

function codes(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
