import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { recordSpans } from '../testing/recorded-spans.ts';
import { continuedTrace, extractTrace, injectTrace, presentTrace } from './propagation.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

type Headers = Readonly<Record<string, string>>;

/** What is understood of headers: trace, span, and whether it is sampled. */
function read(headers: Headers): string {
  const found = trace.getSpanContext(extractTrace((name) => headers[name]));
  return found === undefined ? 'none' : `${found.traceId} ${found.spanId} ${found.traceFlags}`;
}

/** The headers that are sent on after these came in. */
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

describe('a trace that arrives', () => {
  it.each<[string, Headers, string]>([
    ['W3C', { traceparent: `00-${TRACE}-${SPAN}-01` }, '1'],
    ['W3C, not sampled', { traceparent: `00-${TRACE}-${SPAN}-00` }, '0'],
    ['W3C of a later version', { traceparent: `01-${TRACE}-${SPAN}-01-more` }, '1'],
    ['B3 in one header', { b3: `${TRACE}-${SPAN}-1` }, '1'],
    ['B3 in one header, not sampled', { b3: `${TRACE}-${SPAN}-0` }, '0'],
    ['B3 in several', { 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-sampled': '1' }, '1'],
    ['W3C before B3', { traceparent: `00-${TRACE}-${SPAN}-01`, b3: `${'a'.repeat(32)}-${SPAN}-0` }, '1'],
    ['B3 beside a W3C that cannot be read', { traceparent: 'nonsense', b3: `${TRACE}-${SPAN}-1` }, '1'],
  ])('is understood: %s', (_what, headers, flags) => {
    expect(read(headers)).toBe(`${TRACE} ${SPAN} ${flags}`);
  });

  it.each<[string, Headers]>([
    ['nothing', {}],
    ['an empty traceparent', { traceparent: '' }],
    ['words', { traceparent: 'nonsense' }],
    ['a trace of zeros', { traceparent: `00-${NO_TRACE}-${SPAN}-01` }],
    ['a span of zeros', { traceparent: `00-${TRACE}-${NO_SPAN}-01` }],
    ['a short trace', { traceparent: `00-${TRACE.slice(1)}-${SPAN}-01` }],
    ['letters that are no digits', { traceparent: `00-${'g'.repeat(32)}-${SPAN}-01` }],
    ['the forbidden version', { traceparent: `ff-${TRACE}-${SPAN}-01` }],
    ['version 0 with more than it has', { traceparent: `00-${TRACE}-${SPAN}-01-more` }],
    ['100 kB of it', { traceparent: `00-${TRACE}-${SPAN}-01`.repeat(2000) }],
    ['a B3 of words', { b3: 'nonsense' }],
    ['a B3 of zeros', { b3: `${NO_TRACE}-${NO_SPAN}-1` }],
    ['half a B3', { 'x-b3-traceid': TRACE }],
    ['a B3 in several with words', { 'x-b3-traceid': 'nonsense', 'x-b3-spanid': SPAN }],
  ])('counts as none when it is %s', (_what, headers) => {
    expect(read(headers)).toBe('none');
    expect(passOn(headers)).toEqual({});
  });

  it('is passed on with its state, as W3C', () => {
    const tracestate = 'vendor=opaque,other=1';
    const traceparent = `00-${TRACE}-${SPAN}-01`;
    expect(passOn({ traceparent, tracestate })).toEqual({ traceparent, tracestate });
    expect(passOn({ b3: `${TRACE}-${SPAN}-1` })).toEqual({ traceparent });
  });

  it.each(['nonsense', '=,=,=', 'key=value\u0000', `k=${'v'.repeat(100_000)}`])(
    'is passed on without a state that cannot be read (%#)',
    (tracestate) => {
      const traceparent = `00-${TRACE}-${SPAN}-01`;
      expect(passOn({ traceparent, tracestate })).toEqual({ traceparent });
    },
  );

  it('brings no baggage, which nobody even reads', () => {
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

describe('a trace that is kept for later', () => {
  const { tracer } = recordSpans();

  it('is continued by whoever reads it', () => {
    const span = tracer.startSpan('click');
    const kept = context.with(trace.setSpan(ROOT_CONTEXT, span), presentTrace);
    expect(trace.getSpanContext(continuedTrace(kept))).toMatchObject({
      traceId: span.spanContext().traceId,
      spanId: span.spanContext().spanId,
      traceFlags: 1,
    });
  });

  it('is none outside of any, and then none is continued', () => {
    expect(presentTrace()).toBeUndefined();
    expect(trace.getSpanContext(continuedTrace(undefined))).toBeUndefined();
  });
});
