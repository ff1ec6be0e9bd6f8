import type { SeenSpan } from './seen-span.ts';

/** A line of a log, its fields by name. */
export type SeenLine = Readonly<Record<string, string>>;

/** A trace as far as it has arrived. */
export type SeenTrace = { readonly spans: SeenSpan[]; readonly lines: SeenLine[] };

/** The last few hundred traces with their logs: a window, and no store. */
export type TraceWindow = {
  readonly addSpans: (spans: readonly SeenSpan[]) => void;
  /** Adds a line of a log, as pino writes it; one that belongs to no trace is passed over. */
  readonly addLine: (line: Readonly<Record<string, unknown>>) => void;
  /** By id, in the order in which they were first heard of. */
  readonly traces: ReadonlyMap<string, SeenTrace>;
};

const MAX_TEXT = 300;

/** Opens the window. Past its limits the trace that was heard of first is forgotten. */
export function openTraceWindow(limits = { traces: 300, spansAndLines: 15_000 }): TraceWindow {
  const traces = new Map<string, SeenTrace>();
  let held = 0;
  const keep = (traceId: string, add: (trace: SeenTrace) => void): void => {
    const trace = traces.get(traceId) ?? { spans: [], lines: [] };
    traces.set(traceId, trace);
    add(trace);
    held += 1;
    for (const [oldest, { spans, lines }] of traces) {
      if (traces.size <= limits.traces && held <= limits.spansAndLines) return;
      held -= spans.length + lines.length;
      traces.delete(oldest);
    }
  };
  return {
    traces,
    addSpans: (spans) => {
      for (const span of spans) keep(span.traceId, (trace) => trace.spans.push(span));
    },
    addLine: (line) => {
      const { trace_id: traceId } = line;
      if (typeof traceId === 'string') keep(traceId, (trace) => trace.lines.push(textsOf(line)));
    },
  };
}

function textsOf(line: Readonly<Record<string, unknown>>): SeenLine {
  const text = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
  return Object.fromEntries(Object.entries(line).map(([name, value]) => [name, text(value).slice(0, MAX_TEXT)]));
}
