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

describe('the waterfall of a trace', () => {
  it('has children below their parent, by start time, in any order of arrival', () => {
    const spans = [spanOf('d', 'b', 130), spanOf('c', 'a', 120), spanOf('a', '', 100), spanOf('b', 'a', 110)];
    expect(drawn(spans)).toEqual(['a', '-b', '--d', '-c']);
  });

  it('treats a span whose parent is missing as a root, by its start time', () => {
    const spans = [spanOf('a', '', 100), spanOf('b', 'elsewhere', 90), spanOf('c', 'a', 80)];
    expect(drawn(spans)).toEqual(['b', 'a', '-c']);
    expect(rootsOf(spans).map(({ name }) => name)).toEqual(['b', 'a']);
  });

  it('terminates when parents form a cycle or a span id is duplicated', () => {
    expect(drawn([spanOf('a', 'b', 1), spanOf('b', 'a', 2)])).toEqual([]);
    expect(drawn([spanOf('a', '', 1), spanOf('b', 'a', 2), spanOf('a', 'b', 3)])).toEqual(['a', '-b', '--a']);
  });

  it('is computed in linear time', () => {
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

  it('limits the depth of a chain of 5000 parents', () => {
    const chain = Array.from({ length: 5000 }, (_, index) =>
      spanOf(`${index}`, index === 0 ? '' : `${index - 1}`, index),
    );
    expect(rowsOf(chain).length).toBeLessThan(100);
  });

  it('has no rows without spans', () => {
    expect(rowsOf([])).toEqual([]);
  });
});
