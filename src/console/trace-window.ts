import { type SeenSpan, shortText } from './seen-span.ts';

/** A line of a log, its fields by name. */
export type SeenLine = Readonly<Record<string, string>>;

/** A trace as far as it has arrived; `forgotten` of its spans and lines were too many, and are not here any more. */
export type SeenTrace = { readonly spans: SeenSpan[]; readonly lines: SeenLine[]; forgotten: number };

/** The last few hundred traces with their logs: a window, and no store. */
export type TraceWindow = ReturnType<typeof openTraceWindow>;

const WINDOW = { traces: 300, bytes: 40_000_000 };
// The spans of a trace follow its lines within seconds, or never: it is not sampled.
const WAITING = { traces: 3000, bytes: 8_000_000 };
/** So many spans, and so many lines, of one trace. */
const MAX_OF_TRACE = 1000;

/** Opens the window. Past its limits the trace that was heard of first is forgotten. */
export function openTraceWindow(limits = WINDOW) {
  const seen = openShelf(limits);
  const waiting = openShelf(WAITING);
  return {
    /** By id, in the order in which their first spans came. */
    traces: seen.traces as ReadonlyMap<string, SeenTrace>,
    addSpans: (spans: readonly SeenSpan[]): void => {
      for (const span of spans) seen.add(span.traceId, [span], waiting.take(span.traceId).lines);
    },
    /** Adds a line of a log, as pino writes it; one that belongs to no trace is passed over. */
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
    // The oldest: the span that a trace begins with comes last.
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

// About what V8 takes for a value: of an object each field, and something for itself.
const sizeOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce<number>((sum, field) => sum + sizeOf(field), 64)
    : 24 + 2 * String(value).length;

const textsOf = (line: Readonly<Record<string, unknown>>): SeenLine =>
  Object.fromEntries(Object.entries(line).map(([name, value]) => [name, shortText(value)]));
