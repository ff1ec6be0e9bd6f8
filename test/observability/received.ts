import { SpanKind } from '@opentelemetry/api';
import type { LogLine } from '../../src/lib/log/log-line.ts';
import type { EventAttribute } from '../../src/lib/telemetry/business-event.ts';
import { FAILED_SPAN_ATTRIBUTES } from '../../src/lib/telemetry/in-span.ts';
import type { DeclaredSpan, SpanAttribute } from '../../src/lib/telemetry/span-declaration.ts';
import { declaredEvents, declaredLines } from '../../tools/observability/declared-lines.ts';
import { declaredSpans } from '../../tools/observability/declared-spans.ts';
import { loggedFields } from '../../tools/observability/document.ts';
import { writerNames } from '../../tools/observability/writers.ts';
import type { ReceivedSpan } from '../integration/received-span.ts';

/** A span as a test received it, with its resource when it was exported. */
export type SeenSpan = Pick<ReceivedSpan, 'service' | 'name' | 'kind' | 'attributes' | 'events' | 'isError'> &
  Partial<Pick<ReceivedSpan, 'resource'>>;

/** The lines of a log, parsed. */
export type SeenLines = readonly Readonly<Record<string, unknown>>[];

/** The telemetry that services declare. */
export type Declarations = {
  readonly spans: readonly { readonly by: readonly string[]; readonly span: DeclaredSpan }[];
  readonly lines: readonly { readonly by: readonly string[]; readonly line: LogLine; readonly isEvent: boolean }[];
};

/** The telemetry that the shop declares. */
export function declarations(): Declarations {
  const linesOf = (isEvent: boolean, sources: ReturnType<typeof declaredLines>) =>
    sources.flatMap(({ by, lines }) => Object.values(lines).map((line) => ({ by: writerNames(by), line, isEvent })));
  return {
    spans: declaredSpans.map(({ by, span }) => ({ by: writerNames([by]), span })),
    lines: [...linesOf(true, declaredEvents()), ...linesOf(false, declaredLines())],
  };
}

/** What was received and is not declared, each once. */
export function undeclared(
  received: { spans: readonly SeenSpan[]; lines: SeenLines },
  declared = declarations(),
): string[] {
  const problems = [
    ...received.spans.flatMap((span) => problemsOfSpan(span, declared)),
    ...received.lines.flatMap((line) => problemsOfLine(line, declared.lines)),
  ];
  return [...new Set(problems)].sort();
}

/** What is declared about spans and was not received: names per service, attributes, closed values, and events. */
export function unseen(received: readonly SeenSpan[], { spans, lines }: Declarations = declarations()): string[] {
  const events = received.flatMap((span) => span.events);
  return [
    ...spans.flatMap(({ by, span }) => {
      const seen = received.filter((one) => isOf(one, { by, span }));
      const names = span.names.flatMap((name) =>
        by.flatMap((service) =>
          seen.some((one) => one.service === service && isNameOf(name, one.name)) ? [] : `span ${name} of ${service}`,
        ),
      );
      return [...names, ...span.attributes.flatMap((attribute) => unseenOf(attribute, span.title, seen))];
    }),
    ...FAILED_SPAN_ATTRIBUTES.flatMap((attribute) => unseenOf(attribute, 'failed spans', received)),
    ...lines.flatMap(({ line, isEvent }) => {
      if (!isEvent) return [];
      const seen = events.filter(({ name }) => name === line.message);
      const attributes = eventAttributes(line).flatMap((name) => unseenOf({ name }, `the event ${line.message}`, seen));
      return seen.length === 0 ? [`event ${line.message}`] : attributes;
    }),
  ];
}

type Bearer = Pick<SeenSpan, 'attributes'>;

function unseenOf({ name, values = [] }: SpanAttribute, on: string, seen: readonly Bearer[]): string[] {
  const found = new Set(seen.flatMap(({ attributes }) => (name in attributes ? [String(attributes[name])] : [])));
  if (found.size === 0) return [`${name} on ${on}`];
  return values.filter((value) => !found.has(value)).map((value) => `${name}=${value} on ${on}`);
}

function isOf({ name, kind, service }: SeenSpan, { by, span }: Declarations['spans'][number]): boolean {
  const hasName = span.names.some((pattern) => isNameOf(pattern, name));
  return hasName && SpanKind[span.kind] === kind && by.includes(service);
}

/** True for a name of the pattern; a part in angle brackets stands for one word. */
function isNameOf(pattern: string, name: string): boolean {
  const literals = pattern.split(/<[^>]*>/).map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return new RegExp(`^${literals.join('\\S+')}$`).test(name);
}

function problemsOfSpan(span: SeenSpan, { spans, lines }: Declarations): string[] {
  const declared = spans.find((one) => isOf(span, one));
  if (declared === undefined) return [`span ${span.name} of kind ${span.kind}, of ${span.service}`];
  const { title, attributes } = declared.span;
  const known = span.isError ? [...attributes, ...FAILED_SPAN_ATTRIBUTES] : attributes;
  return [
    ...known
      .filter(({ name, absent }) => absent === undefined && !(name in span.attributes))
      .map(({ name }) => `${title} without ${name}`),
    ...Object.entries(span.attributes)
      .filter(([name, value]) => !known.some((one) => one.name === name && allows(one, value)))
      .map(([name, value]) => `${title} with ${name}=${value}`),
    ...problemsOfResource(span.resource),
    ...span.events.flatMap((event) => problemsOfEvent(event, span.service, lines)),
  ];
}

const RESOURCE_ATTRIBUTES = ['service.name', 'service.namespace', 'service.version'];

function problemsOfResource(resource: SeenSpan['resource']): string[] {
  const names = Object.keys(resource ?? {}).sort();
  return resource === undefined || String(names) === String(RESOURCE_ATTRIBUTES)
    ? []
    : [`resource with ${names.join()}`];
}

function allows({ values }: SpanAttribute, value: unknown): boolean {
  return values === undefined || values.includes(String(value));
}

function problemsOfEvent(event: SeenSpan['events'][number], service: string, lines: Declarations['lines']): string[] {
  const declared = lines.find(
    ({ by, line, isEvent }) => isEvent && line.message === event.name && by.includes(service),
  );
  if (declared === undefined) return [`event ${event.name} of ${service}`];
  const known = eventAttributes(declared.line);
  return Object.keys(event.attributes)
    .filter((name) => !known.includes(name))
    .map((name) => `event ${event.name} with ${name}`);
}

function eventAttributes({ fields }: LogLine): string[] {
  return Object.values(fields).flatMap((field) => ('attribute' in field ? [(field as EventAttribute).attribute] : []));
}

const STANDARD_FIELDS = ['level', 'time', 'service', 'version', 'msg'];
const SPAN_FIELDS = ['trace_id', 'span_id'];

function problemsOfLine(seen: SeenLines[number], lines: Declarations['lines']): string[] {
  const { msg, level, service } = seen;
  const about = `line ${String(msg)} of level ${String(level)}, of ${String(service)}`;
  const declared = lines.filter(
    ({ by, line }) => line.message === msg && line.level === level && by.includes(String(service)),
  );
  if (declared.length === 0) return [about];
  const known = [...STANDARD_FIELDS, ...SPAN_FIELDS, ...declared.flatMap(({ line }) => loggedFields(line))];
  return [
    ...STANDARD_FIELDS.filter((field) => !(field in seen)).map((field) => `${about} without ${field}`),
    ...Object.keys(seen)
      .filter((field) => !known.includes(field))
      .map((field) => `${about} with ${field}`),
  ];
}
