import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { recordSpans } from '../testing/recorded-spans.ts';
import { continuedTrace, extractTrace, injectTrace, presentTrace } from './propagation.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

type Headers = Readonly<Record<string, string>>;

/** The trace id, span id and sampled flag read from the headers; `none` without a trace. */
function read(headers: Headers): string {
  const found = trace.getSpanContext(extractTrace((name) => headers[name]));
  return found === undefined ? 'none' : `${found.traceId} ${found.spanId} ${found.traceFlags}`;
}

/** The headers injected into a call after `headers` were extracted. */
function passOn(headers: Headers): Record<string, string> {
  const sent: Record<string, string> = {};
  injectTrace(
    extractTrace((name) => headers[name]),
    (name, value) => {
      sent[name] = value;
    },
  );
  return sent;
}

describe('an incoming trace context', () => {
  it.each<[string, Headers, string]>([
    ['W3C', { traceparent: `00-${TRACE}-${SPAN}-01` }, '1'],
    ['W3C, not sampled', { traceparent: `00-${TRACE}-${SPAN}-00` }, '0'],
    ['W3C of a later version', { traceparent: `01-${TRACE}-${SPAN}-01-more` }, '1'],
    ['B3 in one header', { b3: `${TRACE}-${SPAN}-1` }, '1'],
    ['B3 in one header, not sampled', { b3: `${TRACE}-${SPAN}-0` }, '0'],
    ['B3 in several headers', { 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-sampled': '1' }, '1'],
    ['W3C when there is B3 too', { traceparent: `00-${TRACE}-${SPAN}-01`, b3: `${'a'.repeat(32)}-${SPAN}-0` }, '1'],
    ['B3 when the W3C header is malformed', { traceparent: 'nonsense', b3: `${TRACE}-${SPAN}-1` }, '1'],
  ])('is read from %s', (_what, headers, flags) => {
    expect(read(headers)).toBe(`${TRACE} ${SPAN} ${flags}`);
  });

  it.each<[string, Headers]>([
    ['no trace context', {}],
    ['an empty traceparent', { traceparent: '' }],
    ['a traceparent of words', { traceparent: 'nonsense' }],
    ['a trace of zeros', { traceparent: `00-${NO_TRACE}-${SPAN}-01` }],
    ['a span of zeros', { traceparent: `00-${TRACE}-${NO_SPAN}-01` }],
    ['a short trace', { traceparent: `00-${TRACE.slice(1)}-${SPAN}-01` }],
    ['a trace with letters that are not hex digits', { traceparent: `00-${'g'.repeat(32)}-${SPAN}-01` }],
    ['the forbidden version', { traceparent: `ff-${TRACE}-${SPAN}-01` }],
    ['version 0 with additional fields', { traceparent: `00-${TRACE}-${SPAN}-01-more` }],
    ['a traceparent of 100 kB', { traceparent: `00-${TRACE}-${SPAN}-01`.repeat(2000) }],
    ['a b3 header of words', { b3: 'nonsense' }],
    ['a b3 header of zeros', { b3: `${NO_TRACE}-${NO_SPAN}-1` }],
    ['a B3 trace without a span', { 'x-b3-traceid': TRACE }],
    ['a B3 trace of words', { 'x-b3-traceid': 'nonsense', 'x-b3-spanid': SPAN }],
  ])('is ignored when the headers have %s', (_what, headers) => {
    expect(read(headers)).toBe('none');
    expect(passOn(headers)).toEqual({});
  });

  it('is propagated as W3C with its tracestate', () => {
    const tracestate = 'vendor=opaque,other=1';
    const traceparent = `00-${TRACE}-${SPAN}-01`;
    expect(passOn({ traceparent, tracestate })).toEqual({ traceparent, tracestate });
    expect(passOn({ b3: `${TRACE}-${SPAN}-1` })).toEqual({ traceparent });
  });

  it.each(['nonsense', '=,=,=', 'key=value\u0000', `k=${'v'.repeat(100_000)}`])(
    'is propagated without a malformed tracestate (%#)',
    (tracestate) => {
      const traceparent = `00-${TRACE}-${SPAN}-01`;
      expect(passOn({ traceparent, tracestate })).toEqual({ traceparent });
    },
  );

  it('is propagated without baggage, whose header is not read', () => {
    const asked: string[] = [];
    extractTrace((name) => {
      asked.push(name);
      return undefined;
    });
    expect(asked).not.toContain('baggage');
    const traceparent = `00-${TRACE}-${SPAN}-01`;
    expect(passOn({ traceparent, baggage: `key=${'v'.repeat(100_000)}` })).toEqual({ traceparent });
  });
});

describe('a stored trace', () => {
  const { tracer } = recordSpans();

  it('is continued by the span that reads it', () => {
    const span = tracer.startSpan('click');
    const kept = context.with(trace.setSpan(ROOT_CONTEXT, span), presentTrace);
    expect(trace.getSpanContext(continuedTrace(kept))).toMatchObject({
      traceId: span.spanContext().traceId,
      spanId: span.spanContext().spanId,
      traceFlags: 1,
    });
  });

  it('is absent outside a span, and then no trace is continued', () => {
    expect(presentTrace()).toBeUndefined();
    expect(trace.getSpanContext(continuedTrace(undefined))).toBeUndefined();
  });
});
