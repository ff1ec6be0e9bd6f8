import type { SeenSpan } from './seen-span.ts';
import { rootsOf, rowsOf } from './waterfall.ts';

const spanOf = (spanId: string, parentSpanId: string, startMs: number, endMs = startMs + 10): SeenSpan => ({
  traceId: 'a',
  spanId,
  parentSpanId,
  service: 'frontend',
  name: spanId,
  kind: 'server',
  startMs,
  endMs,
  isError: false,
  attributes: [],
  events: [],
});
const drawn = (spans: readonly SeenSpan[]): string[] =>
  rowsOf(spans).map(({ span, depth }) => `${'-'.repeat(depth)}${span.name}`);

describe('a waterfall', () => {
  it('has children below their parent, in the order they began, whatever the order they came in', () => {
    const spans = [spanOf('d', 'b', 130), spanOf('c', 'a', 120), spanOf('a', '', 100), spanOf('b', 'a', 110)];
    expect(drawn(spans)).toEqual(['a', '-b', '--d', '-c']);
  });

  it('begins with what has a parent that is not here, when that is the earliest', () => {
    const spans = [spanOf('a', '', 100), spanOf('b', 'elsewhere', 90), spanOf('c', 'a', 80)];
    expect(drawn(spans)).toEqual(['b', 'a', '-c']);
    expect(rootsOf(spans).map(({ name }) => name)).toEqual(['b', 'a']);
  });

  it('is drawn to an end when the parents go round in a circle, or an id comes twice', () => {
    expect(drawn([spanOf('a', 'b', 1), spanOf('b', 'a', 2)])).toEqual([]);
    expect(drawn([spanOf('a', '', 1), spanOf('b', 'a', 2), spanOf('a', 'b', 3)])).toEqual(['a', '-b', '--a']);
  });

  it('looks at each span a few times, however many there are', () => {
    let looks = 0;
    const counted = (index: number): SeenSpan => ({
      ...spanOf(`${index}`, '', index),
      get parentSpanId() {
        looks += 1;
        return index === 0 ? '' : `${Math.floor(index / 2)}`;
      },
    });
    const spans = Array.from({ length: 1000 }, (_, index) => counted(index));
    looks = 0;
    expect(rowsOf(spans)).toHaveLength(1000);
    expect(looks).toBeLessThanOrEqual(4000);
  });

  it('is drawn to an end when the chain of parents has none', () => {
    const chain = Array.from({ length: 5000 }, (_, index) =>
      spanOf(`${index}`, index === 0 ? '' : `${index - 1}`, index),
    );
    expect(rowsOf(chain).length).toBeLessThan(100);
  });

  it('is none of nothing', () => {
    expect(rowsOf([])).toEqual([]);
  });
});
