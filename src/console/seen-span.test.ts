import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readSpans } from './seen-span.ts';

const span = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  name: 'hipstershop.CartService/GetCart',
  kind: 2,
  startTimeUnixNano: '1795624545838000000',
  endTimeUnixNano: '1795624545838219545',
};
const request = (spans: unknown[], service: unknown = 'cartservice') => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
      scopeSpans: [{ scope: { name: 'mercato' }, spans }],
    },
  ],
});

const spansOf = (body: unknown) => readSpans(body) ?? [];

describe('an OTLP export request', () => {
  it('is decoded to spans with the names of their services', () => {
    const attributes = [
      { key: 'rpc.status_code', value: { stringValue: 'OK' } },
      { key: 'app.deadline.remaining_ms', value: { intValue: 2980 } },
    ];
    const events = [{ name: 'cart emptied', timeUnixNano: '1795624545838100000', attributes: [] }];
    const [seen] = spansOf(
      request([{ ...span, parentSpanId: '00f067aa0ba902b7', status: { code: 2 }, attributes, events }]),
    );
    expect(seen).toMatchObject({
      service: 'cartservice',
      // Without the package that all RPCs are in.
      name: 'CartService/GetCart',
      kind: 'server',
      parentSpanId: '00f067aa0ba902b7',
      isError: true,
      attributes: [
        ['rpc.status_code', 'OK'],
        ['app.deadline.remaining_ms', '2980'],
      ],
    });
    expect(seen?.endMs).toBeGreaterThan(seen?.startMs ?? Number.NaN);
    expect(seen?.events[0]?.name).toBe('cart emptied');
  });

  it('may omit fields that have their default value', () => {
    const { kind: _, ...bare } = { ...span, attributes: [{ key: 'nothing' }], events: [{}] };
    const nothing = { isError: false, kind: 'internal', attributes: [['nothing', '']], events: [{ name: '' }] };
    expect(readSpans({ resourceSpans: [{ scopeSpans: [{ spans: [bare] }] }] })).toMatchObject([
      { service: 'unknown', parentSpanId: '', ...nothing },
    ]);
    expect(readSpans({ resourceSpans: [{}] })).toEqual([]);
  });

  it.each([
    ['not an object', null],
    ['an export of logs', { resourceLogs: [] }],
  ])('is not decoded when it is %s', (_what, body) => {
    expect(readSpans(body)).toBeUndefined();
  });

  it.each([
    ['has no span id', { spanId: undefined }],
    ['has a malformed trace id', { traceId: '<script>' }],
    ['has a malformed start time', { startTimeUnixNano: 'now' }],
    ['is not an object', null],
  ])('is decoded without a span that %s', (_what, broken) => {
    const spans = spansOf(request([broken && { ...span, ...broken }, { ...span, name: 'sound' }]));
    expect(spans.map(({ name }) => name)).toEqual(['sound']);
  });

  it('keeps the 128 attributes and 128 events that OpenTelemetry allows for a span', () => {
    const attributes = Array.from({ length: 128 }, (_, index) => ({ key: `k${index}`, value: { intValue: index } }));
    const events = Array.from({ length: 128 }, (_, index) => ({ name: `e${index}`, timeUnixNano: '1' }));
    const [seen] = spansOf(request([{ ...span, attributes, events }]));
    expect(seen?.attributes).toHaveLength(128);
    expect(seen?.events).toHaveLength(128);
  });

  it('is truncated: long texts, and attributes beyond the size limit of a span', () => {
    const attributes = Array(200).fill({ key: 'k', value: { stringValue: 'x'.repeat(10_000) } });
    const events = Array(100).fill({ name: 'e', attributes });
    const [seen] = spansOf(request([{ ...span, name: 'x'.repeat(10_000), attributes, events }], 'y'.repeat(10_000)));
    expect(seen?.name).toHaveLength(300);
    expect(seen?.service).toHaveLength(300);
    expect(JSON.stringify(seen).length).toBeLessThan(20_000);
  });

  it('is not retained in memory by the truncated texts of its spans', () => {
    const collect = garbageCollector();
    const kept: unknown[] = [];
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < 20; index += 1) {
      const long = JSON.stringify(request([{ ...span, name: `${index}${'x'.repeat(1_000_000)}` }]));
      kept.push(readSpans(JSON.parse(long)));
    }
    collect();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(5_000_000);
    expect(kept).toHaveLength(20);
  });
});

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
