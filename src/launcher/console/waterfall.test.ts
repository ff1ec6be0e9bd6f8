import type { SeenSpan } from './seen-span.ts';
import { rowsOf, withoutPackage } from './waterfall.ts';

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
  rowsOf(spans).map(
    ({ span, depth, fromMs, isCut }) => `${'-'.repeat(depth)}${span.name}@${fromMs}${isCut ? '!' : ''}`,
  );

describe('a waterfall', () => {
  it('has children below their parent, in the order they began, whatever the order they came in', () => {
    const spans = [spanOf('d', 'b', 130), spanOf('c', 'a', 120), spanOf('a', '', 100), spanOf('b', 'a', 110)];
    expect(drawn(spans)).toEqual(['a@0', '-b@10', '--d@30', '-c@20']);
  });

  it('marks what has a parent that is not here', () => {
    expect(drawn([spanOf('a', '', 100), spanOf('b', 'elsewhere', 90)])).toEqual(['b@0!', 'a@10']);
  });

  it('is drawn to an end when the parents go round in a circle, or an id comes twice', () => {
    expect(drawn([spanOf('a', 'b', 1), spanOf('b', 'a', 2)])).toEqual([]);
    expect(drawn([spanOf('a', '', 1), spanOf('b', 'a', 2), spanOf('a', 'b', 3)])).toEqual(['a@0', '-b@1', '--a@2']);
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

describe('the name of a span', () => {
  it('loses the package that all RPCs are in', () => {
    expect(withoutPackage('hipstershop.CartService/GetCart')).toBe('CartService/GetCart');
    expect(withoutPackage('GET /')).toBe('GET /');
  });
});
