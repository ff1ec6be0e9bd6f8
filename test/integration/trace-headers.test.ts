import { randomBytes } from 'node:crypto';
import { startFakeShop } from '../../src/frontend/fake-shop.testing.ts';
import { startTestFrontend } from '../../src/frontend/shopper.testing.ts';
import { edgeSampler } from '../../src/lib/telemetry/sampler.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { rawUnary } from '../../src/lib/testing/raw-call.ts';
import { recordSpans } from '../../src/lib/testing/recorded-spans.ts';
import { bytesOf, exchange, exchangeBytes } from './http-exchange.ts';
import { type LaunchedShop, launch, launchOpen } from './launched-shop.ts';
import type { ReceivedSpan } from './received-span.ts';
import { type SpanReceiver, startReceiver } from './span-receiver.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const LARGE = 'v'.repeat(100_000);
const GET_CART = '/hipstershop.CartService/GetCart';
// A GetCartRequest of the user "ann", framed.
const REQUEST = Buffer.from([0, 0, 0, 0, 5, 0x0a, 3, 0x61, 0x6e, 0x6e]);

/** Malformed and oversized trace headers. */
const MALFORMED: readonly (readonly [string, readonly string[]])[] = [
  ['words', ['traceparent: nonsense', 'tracestate: =,=', 'b3: nonsense', 'baggage: ;;=']],
  ['zeros', [`traceparent: 00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`, `b3: ${'0'.repeat(32)}-${'0'.repeat(16)}-1`]],
  ['two traces', [`traceparent: 00-${TRACE}-${SPAN}-01`, `traceparent: 00-${'a'.repeat(32)}-${SPAN}-01`]],
  ['too long', [`traceparent: 00-${TRACE}-${SPAN}-01-${'x'.repeat(4000)}`]],
  ['of letters beyond ASCII', ['traceparent: 00-\u00e9\u00e8-\u00ea-01', 'baggage: k=\u00e9']],
];

const WELL_FORMED: readonly (readonly [string, readonly string[]])[] = [
  ['W3C', [`traceparent: 00-${TRACE}-${SPAN}-01`, 'tracestate: vendor=x']],
  ['B3 in one', [`b3: ${TRACE}-${SPAN}-1`]],
  ['B3 in several', [`X-B3-TraceId: ${TRACE}`, `X-B3-SpanId: ${SPAN}`, 'X-B3-Sampled: 1']],
];

/** Malformed headers that can be the metadata of a call, which has a key once. */
const AS_METADATA = MALFORMED.filter(
  ([, lines]) => new Set(lines.map((line) => line.split(':')[0])).size === lines.length,
);

const pageId = (name: string): string => `page-${name.replaceAll(' ', '-')}`;
const callId = (name: string): string => `call-${name.replaceAll(' ', '-')}`;

describe('the headers of a trace', () => {
  let receiver: SpanReceiver;
  let shop: LaunchedShop;
  /** HTTP and gRPC statuses by request id. */
  const statuses = new Map<string, number | string>();

  // Spans are exported once a second: all requests are sent before the first span is awaited.
  beforeAll(async () => {
    receiver = await startReceiver('otlp');
    shop = await launchOpen(receiver.variables);
    for (const [name, headers] of [...WELL_FORMED, ...MALFORMED]) {
      const { status } = await exchange(shop.url(), { headers: [...headers, `X-Request-Id: ${pageId(name)}`] });
      statuses.set(pageId(name), status);
    }
    for (const [name, lines] of AS_METADATA) {
      const headers = { ...Object.fromEntries(lines.map((line) => line.split(': '))), 'x-request-id': callId(name) };
      const { trailers } = await rawUnary(cart(), GET_CART, { body: REQUEST, headers });
      statuses.set(callId(name), String(trailers['grpc-status']));
    }
  });

  afterAll(async () => {
    await shop?.[Symbol.asyncDispose]();
    await receiver?.[Symbol.asyncDispose]();
  });

  const cart = (): string => /^ {2}cartservice +(\S+)/m.exec(shop.stdout())?.[1] ?? '';
  const arrived = async (what: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan> => {
    await eventually('the span has arrived', () => receiver.spans().some(what));
    return receiver.spans().findLast(what) ?? (receiver.spans()[0] as ReceivedSpan);
  };
  /** The span that a service made of the request with this id. */
  const spanOf = (service: string, requestId: string) =>
    arrived((span) => span.service === service && span.attributes['app.request.id'] === requestId);

  it.each(WELL_FORMED)('are continued by the span of a page: %s', async (name) => {
    expect(statuses.get(pageId(name))).toBe(200);
    expect(await spanOf('frontend', pageId(name))).toMatchObject({ traceId: TRACE, parentSpanId: SPAN });
  });

  it.each(MALFORMED)('are ignored by a page when they are %s', async (name) => {
    expect(statuses.get(pageId(name))).toBe(200);
    expect(await spanOf('frontend', pageId(name))).toMatchObject({ parentSpanId: '' });
  });

  it.each(AS_METADATA)('are ignored by an RPC when they are %s', async (name) => {
    expect(statuses.get(callId(name))).toBe('0');
    expect((await spanOf('cartservice', callId(name))).parentSpanId).toBe('');
  });

  it('are refused with a page of the shop when they are 100 kB of baggage, and later requests succeed', async () => {
    const large = bytesOf(shop.url(), { headers: [`baggage: k=${LARGE}`] });
    const response = await exchangeBytes(shop.url(), [large]);
    expect(response).toMatchObject({ status: 431 });
    expect(response.body).toContain('Request too large');
    // HTTP/2 has its own limit: the server closes a stream that exceeds it.
    const call = rawUnary(cart(), GET_CART, { body: REQUEST, headers: { baggage: `k=${LARGE}` } });
    const outcome = await call.then(
      ({ trailers, headers }) => String(trailers['grpc-status'] ?? headers[':status']),
      () => 'closed',
    );
    expect(outcome).toBe('closed');
    expect((await exchange(shop.url(), {})).status).toBe(200);
    expect((await rawUnary(cart(), GET_CART, { body: REQUEST })).trailers['grpc-status']).toBe('0');
  });
});

describe('a client that asks for a trace of every page', () => {
  it('gets at most the configured number of traces per second, and all of its pages', async () => {
    let nowMs = 0;
    const { tracer, spans } = recordSpans(edgeSampler({ ratio: 0, perSecond: 20, now: () => nowMs }));
    await using upstreams = await startFakeShop();
    await using frontend = await startTestFrontend(upstreams, {}, { tracer });
    const ask = async (): Promise<void> => {
      const headers = { traceparent: `00-${randomBytes(16).toString('hex')}-${SPAN}-01` };
      expect((await fetch(`${frontend.url}/product-meta/nothing`, { headers })).status).toBe(404);
    };
    const traces = () => new Set(spans().map((span) => span.spanContext().traceId)).size;
    await Promise.all(Array.from({ length: 100 }, ask));
    expect(traces()).toBe(20);
    nowMs += 500;
    await Promise.all(Array.from({ length: 100 }, ask));
    expect(traces()).toBe(30);
  });
});

describe('the address of a collector', () => {
  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'otlp'],
    ['OTEL_EXPORTER_JAEGER_ENDPOINT', 'jaeger'],
    ['DEV_CONSOLE_ENDPOINT', 'none'],
  ])('is rejected in one line when it is not a URL: %s', async (variable, exporter) => {
    await using shop = launch({ TRACES_EXPORTER: exporter, [variable]: 'collector:4318' });
    expect(await shop.exited).toBe(1);
    const lines = shop.stderr().trimEnd().split('\n');
    expect(lines).toEqual([
      'The configuration cannot be used:',
      `  ${variable}=collector:4318: expected an http or https URL`,
    ]);
  });
});
