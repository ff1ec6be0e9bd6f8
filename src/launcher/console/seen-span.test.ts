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

describe('an export request', () => {
  it('is read as the spans of its services', () => {
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
      name: 'hipstershop.CartService/GetCart',
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

  it('need not say what OTLP leaves out when it is nothing', () => {
    expect(spansOf(request([span]))).toMatchObject([{ parentSpanId: '', isError: false, attributes: [], events: [] }]);
  });

  it.each([
    ['no object', null],
    ['something else', { resourceLogs: [] }],
    ['a span without an id', request([{ ...span, spanId: undefined }])],
    ['an id that is none', request([{ ...span, traceId: '<script>' }])],
    ['a time that is none', request([{ ...span, startTimeUnixNano: 'now' }])],
    ['a thousand attributes', request([{ ...span, attributes: Array(1000).fill({ key: 'a', value: {} }) }])],
  ])('is refused when it is %s', (_what, body) => {
    expect(readSpans(body)).toBeUndefined();
  });

  it('has its long texts cut', () => {
    const [seen] = spansOf(request([{ ...span, name: 'x'.repeat(10_000) }], 'y'.repeat(10_000)));
    expect(seen?.name).toHaveLength(300);
    expect(seen?.service).toHaveLength(300);
  });
});
