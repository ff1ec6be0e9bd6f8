import { type SeenSpan, shortText } from './seen-span.ts';

/** A log line: its fields by name. */
export type SeenLine = Readonly<Record<string, string>>;

/** The received part of a trace; `forgotten` counts the spans and lines that were dropped at the limits. */
export type SeenTrace = { readonly spans: SeenSpan[]; readonly lines: SeenLine[]; forgotten: number };

/** The last few hundred traces with their logs, in memory. */
export type TraceWindow = ReturnType<typeof openTraceWindow>;

const WINDOW = { traces: 300, bytes: 40_000_000 };
// The spans of a trace arrive within seconds of its log lines, or never when the trace is not sampled.
const WAITING = { traces: 3000, bytes: 8_000_000 };
/** Limit of the spans, and of the log lines, of one trace. */
const MAX_OF_TRACE = 1000;

/** At its limits the oldest trace is dropped. */
export function openTraceWindow(limits = WINDOW) {
  const seen = openShelf(limits);
  const waiting = openShelf(WAITING);
  return {
    /** By id, in the order in which their first spans arrived. */
    traces: seen.traces as ReadonlyMap<string, SeenTrace>,
    addSpans: (spans: readonly SeenSpan[]): void => {
      for (const span of spans) seen.add(span.traceId, [span], waiting.take(span.traceId).lines);
    },
    /** Adds a log line as pino writes it; a line without a trace id is ignored. */
    addLine: (line: Readonly<Record<string, unknown>>): void => {
      const { trace_id: id } = line;
      if (typeof id === 'string') (seen.traces.has(id) ? seen : waiting).add(id, [], [textsOf(line)]);
    },
  };
}

function openShelf(limits: typeof WINDOW) {
  const traces = new Map<string, SeenTrace>();
  let bytes = 0;
  const traceOf = (id: string): SeenTrace => traces.get(id) ?? { spans: [], lines: [], forgotten: 0 };
  const take = (id: string): SeenTrace => {
    const trace = traceOf(id);
    if (traces.delete(id)) bytes -= sizeOf([...trace.spans, ...trace.lines]);
    return trace;
  };
  const add = (id: string, spans: readonly SeenSpan[], lines: readonly SeenLine[]): void => {
    const trace = traceOf(id);
    traces.set(id, trace);
    trace.spans.push(...spans);
    trace.lines.push(...lines);
    // Drop the oldest spans: the root span arrives last.
    const tooMany = <T>(all: T[]): T[] => all.splice(0, all.length - MAX_OF_TRACE);
    const gone = [...tooMany(trace.spans), ...tooMany(trace.lines)];
    trace.forgotten += gone.length;
    bytes += sizeOf([...spans, ...lines]) - sizeOf(gone);
    for (const oldest of traces.keys()) {
      if (traces.size <= limits.traces && bytes <= limits.bytes) return;
      take(oldest);
    }
  };
  return { traces, add, take };
}

// Approximate memory of a value in V8: each field of an object, and its header.
const sizeOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce<number>((sum, field) => sum + sizeOf(field), 64)
    : 24 + 2 * String(value).length;

const textsOf = (line: Readonly<Record<string, unknown>>): SeenLine =>
  Object.fromEntries(Object.entries(line).map(([name, value]) => [name, shortText(value)]));
