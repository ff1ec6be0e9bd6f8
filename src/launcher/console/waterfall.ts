import type { SeenSpan } from './seen-span.ts';

/** A row of a waterfall: a span, how deep it is below the root, and where it lies in the time of the trace. */
export type Row = {
  readonly span: SeenSpan;
  readonly depth: number;
  /** From the beginning of the trace, in milliseconds. */
  readonly fromMs: number;
  readonly durationMs: number;
  /** True when its parent has not arrived: it is in another system, or still at work. */
  readonly isCut: boolean;
};

// Whoever sends spans can send a circle, or a chain without end.
const MAX_DEPTH = 60;

/** The spans of a trace as a tree that is read from above: children below their parent, in the order they began. */
export function rowsOf(spans: readonly SeenSpan[]): Row[] {
  const inOrder = [...spans].sort((a, b) => a.startMs - b.startMs);
  const known = new Set(spans.map(({ spanId }) => spanId));
  const childrenOf = (parentId: string): SeenSpan[] =>
    inOrder.filter((span) => (known.has(span.parentSpanId) ? span.parentSpanId : '') === parentId);
  const shown = new Set<SeenSpan>();
  const below = (parentId: string, depth: number): Row[] =>
    childrenOf(parentId).flatMap((span) => {
      if (shown.has(span) || depth > MAX_DEPTH) return [];
      shown.add(span);
      const row = {
        span,
        depth,
        fromMs: span.startMs - (inOrder[0]?.startMs ?? 0),
        durationMs: span.endMs - span.startMs,
        isCut: depth === 0 && span.parentSpanId !== '',
      };
      return [row, ...below(span.spanId, depth + 1)];
    });
  return below('', 0);
}

/** The name of a span without the package that all RPCs of the shop are in. */
export function withoutPackage(name: string): string {
  return name.replace(/^hipstershop\./, '');
}
