import type { SeenSpan } from './seen-span.ts';
import { openTraceWindow } from './trace-window.ts';

const spanOf = (traceId: string): SeenSpan => ({
  traceId,
  spanId: 'b7ad6b7169203331',
  parentSpanId: '',
  service: 'frontend',
  name: 'GET /',
  kind: 'server',
  startMs: 0,
  endMs: 1,
  isError: false,
  attributes: [],
  events: [],
});

describe('the window', () => {
  it('keeps the spans and the lines of a trace together, whichever comes first', () => {
    const { addSpans, addLine, traces } = openTraceWindow();
    addLine({ trace_id: 'a', msg: 'order placed', total: 12, err: { message: 'no' } });
    addSpans([spanOf('a'), spanOf('b')]);
    expect(traces.get('a')?.spans).toHaveLength(1);
    expect(traces.get('a')?.lines).toEqual([
      { trace_id: 'a', msg: 'order placed', total: '12', err: '{"message":"no"}' },
    ]);
    expect(traces.get('b')?.lines).toEqual([]);
  });

  it('passes over lines of no trace', () => {
    const { addLine, traces } = openTraceWindow();
    addLine({ msg: 'started' });
    expect(traces.size).toBe(0);
  });

  it('forgets the trace that was heard of first when there are too many', () => {
    const { addSpans, traces } = openTraceWindow({ traces: 2, spansAndLines: 100 });
    addSpans(['a', 'b', 'a', 'c'].map(spanOf));
    expect([...traces.keys()]).toEqual(['b', 'c']);
  });

  it('forgets them too when all hold too much, even when it is one trace alone', () => {
    const { addSpans, addLine, traces } = openTraceWindow({ traces: 10, spansAndLines: 5 });
    addSpans(['a', 'a', 'b', 'b'].map(spanOf));
    addLine({ trace_id: 'b' });
    addSpans([spanOf('c')]);
    expect([...traces.keys()]).toEqual(['b', 'c']);
    addSpans(Array.from({ length: 1000 }, () => spanOf('d')));
    const held = [...traces.values()].reduce((sum, { spans, lines }) => sum + spans.length + lines.length, 0);
    expect(held).toBeLessThanOrEqual(5);
  });

  it('cuts what is long', () => {
    const { addLine, traces } = openTraceWindow();
    addLine({ trace_id: 'a', details: 'x'.repeat(100_000) });
    expect(traces.get('a')?.lines[0]?.details).toHaveLength(300);
  });
});
