import type { SeenSpan } from './seen-span.ts';

/** A row of a waterfall: a span and its depth below the root. */
export type Row = { readonly span: SeenSpan; readonly depth: number };

// Received spans may form a circle or an endless chain.
const MAX_DEPTH = 60;

/** The spans of a trace in tree order: children below their parent, by start time. */
export function rowsOf(spans: readonly SeenSpan[]): Row[] {
  const inOrder = [...spans].sort((a, b) => a.startMs - b.startMs);
  const children = new Map<string, SeenSpan[]>(inOrder.map(({ spanId }) => [spanId, []]));
  for (const span of inOrder) children.get(span.parentSpanId)?.push(span);
  const rows: Row[] = [];
  const draw = (below: readonly SeenSpan[], depth: number): void => {
    for (const span of below) {
      rows.push({ span, depth });
      const ofSpan = children.get(span.spanId) ?? [];
      // A span id may arrive twice: visit it once.
      children.delete(span.spanId);
      if (depth < MAX_DEPTH) draw(ofSpan, depth + 1);
    }
  };
  draw(rootsOf(inOrder), 0);
  return rows;
}

/** The spans whose parents are not in the trace; the earliest is the root. */
export function rootsOf(spans: readonly SeenSpan[]): SeenSpan[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  return spans.filter(({ parentSpanId }) => !known.has(parentSpanId)).sort((a, b) => a.startMs - b.startMs);
}
