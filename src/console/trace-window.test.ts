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

describe('the trace window', () => {
  it('keeps the spans and the log lines of a trace together, in any order of arrival', () => {
    const { addSpans, addLine, traces } = openTraceWindow();
    addLine({ trace_id: 'a', msg: 'order placed', total: 12, err: { message: 'no' } });
    addSpans([spanOf('a'), spanOf('b')]);
    expect(traces.get('a')?.spans).toHaveLength(1);
    expect(traces.get('a')?.lines).toEqual([
      { trace_id: 'a', msg: 'order placed', total: '12', err: '{"message":"no"}' },
    ]);
    expect(traces.get('b')?.lines).toEqual([]);
  });

  it('ignores log lines without a trace id', () => {
    const { addLine, traces } = openTraceWindow();
    addLine({ msg: 'started' });
    expect(traces.size).toBe(0);
  });

  it('drops the oldest trace when there are too many', () => {
    const { addSpans, traces } = openTraceWindow({ traces: 2, bytes: 100_000 });
    addSpans(['a', 'b', 'a', 'c'].map(spanOf));
    expect([...traces.keys()]).toEqual(['b', 'c']);
  });

  it('drops the oldest traces when all together exceed the size limit', () => {
    const { addSpans, traces } = openTraceWindow({ traces: 1000, bytes: 100_000 });
    const big = (id: string) => ({ ...spanOf(id), attributes: [['text', 'x'.repeat(15_000)] as const] });
    addSpans(['a', 'b', 'b', 'c'].map(big));
    expect([...traces.keys()]).toEqual(['b', 'c']);
    addSpans(Array.from({ length: 100 }, (_, index) => spanOf(`small-${index}`)));
    expect(traces.has('c')).toBe(true);
    addSpans(Array.from({ length: 100 }, () => big('d')));
    expect(traces.has('c')).toBe(false);
    expect(JSON.stringify([...traces.values()]).length).toBeLessThan(100_000);
  });

  it('keeps the latest thousand spans and log lines of a trace, and counts the dropped ones', () => {
    const { addSpans, addLine, traces } = openTraceWindow();
    addSpans(Array.from({ length: 1005 }, (_, index) => ({ ...spanOf('a'), name: `${index}` })));
    for (let index = 0; index < 1002; index += 1) addLine({ trace_id: 'a', msg: `${index}` });
    expect(traces.get('a')).toMatchObject({ forgotten: 7 });
    expect(traces.get('a')?.spans.map(({ name }) => name)).toEqual(Array.from({ length: 1000 }, (_, i) => `${i + 5}`));
    expect(traces.get('a')?.lines[0]).toEqual({ trace_id: 'a', msg: '2' });
  });

  it('drops no trace in favour of a trace that has only log lines because it is not sampled', () => {
    const { addSpans, addLine, traces } = openTraceWindow({ traces: 2, bytes: 100_000 });
    addSpans(['a', 'b'].map(spanOf));
    for (let index = 0; index < 10_000; index += 1) addLine({ trace_id: `unsampled-${index}`, msg: 'rpc completed' });
    expect([...traces.keys()]).toEqual(['a', 'b']);
    // Wait for the latest entries, not for the first.
    addSpans(['unsampled-0', 'unsampled-9999'].map(spanOf));
    expect([...traces.values()].map(({ lines }) => lines.length)).toEqual([0, 1]);
  });

  it('truncates long values of a log line', () => {
    const { addSpans, addLine, traces } = openTraceWindow();
    addSpans([spanOf('a')]);
    addLine({ trace_id: 'a', details: 'x'.repeat(100_000) });
    expect(traces.get('a')?.lines[0]?.details).toHaveLength(300);
  });
});
