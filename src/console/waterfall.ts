import type { SeenSpan } from './seen-span.ts';

/** A row of a waterfall: a span, and how deep it is below the root. */
export type Row = { readonly span: SeenSpan; readonly depth: number };

// Whoever sends spans can send a circle, or a chain without end.
const MAX_DEPTH = 60;

/** The spans of a trace as a tree that is read from above: children below their parent, in the order they began. */
export function rowsOf(spans: readonly SeenSpan[]): Row[] {
  const inOrder = [...spans].sort((a, b) => a.startMs - b.startMs);
  const children = new Map<string, SeenSpan[]>(inOrder.map(({ spanId }) => [spanId, []]));
  for (const span of inOrder) children.get(span.parentSpanId)?.push(span);
  const rows: Row[] = [];
  const draw = (below: readonly SeenSpan[], depth: number): void => {
    for (const span of below) {
      rows.push({ span, depth });
      const ofSpan = children.get(span.spanId) ?? [];
      // Each once: an id may come twice.
      children.delete(span.spanId);
      if (depth < MAX_DEPTH) draw(ofSpan, depth + 1);
    }
  };
  draw(rootsOf(inOrder), 0);
  return rows;
}

/** The spans of a trace whose parents are not in it; the earliest is what the trace is about. */
export function rootsOf(spans: readonly SeenSpan[]): SeenSpan[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  return spans.filter(({ parentSpanId }) => !known.has(parentSpanId)).sort((a, b) => a.startMs - b.startMs);
}
