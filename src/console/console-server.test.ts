import { request } from 'node:http';
import { status } from '@grpc/grpc-js';
import { UpstreamError } from '../lib/grpc/upstream-error.ts';
import { type OpenShop, startConsole } from './console-server.tsx';
import type { SeenSpan } from './seen-span.ts';
import type { ServiceWatch } from './service-watch.ts';
import { openTraceWindow, type TraceWindow } from './trace-window.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
const EXPORT = {
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'frontend' } }] },
      scopeSpans: [
        {
          spans: [
            {
              traceId: TRACE_ID,
              spanId: SPAN_ID,
              name: 'GET /<script>alert(1)</script>',
              kind: 2,
              startTimeUnixNano: '1795624545838000000',
              endTimeUnixNano: '1795624545850000000',
              attributes: [{ key: 'http.route', value: { stringValue: '"><img src=x>' } }],
            },
          ],
        },
      ],
    },
  ],
};
const SPAN: SeenSpan = {
  traceId: TRACE_ID,
  spanId: SPAN_ID,
  parentSpanId: '',
  service: 'frontend',
  name: 'GET /',
  kind: 'server',
  startMs: 0,
  endMs: 1,
  isError: false,
  attributes: [],
  events: [],
};
const STATE = { busy: undefined, counts: new Map(), lagMs: 0, memoryMb: 0 };
const WATCH: ServiceWatch = {
  now: async () => ({
    instances: [
      { service: 'launcher', address: '-', metrics: '127.0.0.1:5', health: 'ready', ...STATE, busy: 0.125 },
      { service: 'cartservice', address: '127.0.0.1:1', metrics: '127.0.0.1:2', health: 'not answering', ...STATE },
      { service: 'frontend', address: '127.0.0.1:3', metrics: '127.0.0.1:4', health: 'ready', ...STATE },
    ],
    edges: [{ from: 'frontend', to: 'cartservice', perSecond: 2.5, errorRatio: 0.5, p95Ms: 12 }],
  }),
  [Symbol.dispose]: () => {},
};

const SHOP: OpenShop = {
  watch: WATCH,
  orderEvents: async (orderId) => {
    if (orderId === 'away') {
      const call = { upstream: 'checkoutservice', rpc: 'GetOrderEvents' };
      throw new UpstreamError({ ...call, code: status.UNAVAILABLE, details: 'away' });
    }
    if (orderId === 'broken') throw new TypeError('a programming error');
    if (orderId !== 'order-1') return undefined;
    const data = [{ name: '<b>', value: '***' }];
    return [{ number: 1, atMs: 1000, type: 'placed', reason: '', data }];
  },
};

describe('the console', () => {
  let window: TraceWindow;
  let shop: OpenShop | undefined;
  let server: Awaited<ReturnType<typeof startConsole>>;
  let port: number;

  beforeAll(async () => {
    window = openTraceWindow();
    server = await startConsole(0, window, () => shop);
    port = Number(server.address.split(':')[1]);
  });

  afterAll(() => server[Symbol.asyncDispose]());

  const ask = async (path: string, headers: Record<string, string> = {}, body?: unknown) => {
    const method = body === undefined ? 'GET' : 'POST';
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    return await new Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }>(
      (resolve, reject) => {
        const sent = request(
          { host: '127.0.0.1', port, path, method, headers: { ...json, ...headers } },
          (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (chunk: string) => {
              text += chunk;
            });
            response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
          },
        );
        sent.on('error', reject);
        sent.end(typeof body === 'string' ? body : JSON.stringify(body));
      },
    );
  };

  it('shows received spans and log lines, and escapes HTML in them', async () => {
    expect((await ask('/')).text).toContain('None yet.');
    expect((await ask('/v1/traces', {}, EXPORT)).status).toBe(200);
    window.addLine({ trace_id: TRACE_ID, span_id: SPAN_ID, level: 'warn', service: 'frontend', msg: '<b>', time: 't' });
    const list = await ask('/');
    expect(list).toMatchObject({ status: 200 });
    expect(list.text).toContain(`<a href="/traces/${TRACE_ID}">`);
    const trace = await ask(`/traces/${TRACE_ID}`);
    expect(trace.text).toContain('GET /&lt;script>alert(1)&lt;/script>');
    expect(trace.text).toContain('&lt;b>');
    for (const { text } of [list, trace]) expect(text).not.toMatch(/<script|<img|<b>/);
  });

  it('states how many spans of a trace it has dropped when the trace exceeds the limit', async () => {
    const id = 'f'.repeat(32);
    const spans = Array.from({ length: 1200 }, (_, index) => ({ spanId: index.toString(16).padStart(16, '0') }));
    window.addSpans(spans.map((span, index) => ({ ...SPAN, ...span, traceId: id, startMs: index, endMs: index + 1 })));
    const { text } = await ask(`/traces/${id}`);
    expect(text).toContain('Too long to be kept whole: 200 older spans and lines are not here.');
    expect(text.match(/<details/g)).toHaveLength(1000);
  });

  it('lists only traces with errors for ?show=errors', async () => {
    expect((await ask('/?show=errors')).text).not.toContain(TRACE_ID);
  });

  it('returns 404 for an unknown trace, and 503 for /services before the shop has started', async () => {
    expect(await ask(`/traces/${'0'.repeat(32)}`)).toMatchObject({ status: 404 });
    expect(await ask('/services')).toMatchObject({ status: 503 });
    expect(await ask('/orders/order-1')).toMatchObject({ status: 503 });
  });

  it('shows the health of each service, and the rate, errors and latency of the calls between services', async () => {
    shop = SHOP;
    const { status, text } = await ask('/services');
    expect(status).toBe(200);
    for (const shown of [
      '>cartservice</text><text class="bad" x="12" y="39">not ready<',
      'frontend: 2.5/s, 50.0 % errors, p95 12 ms',
      'http://127.0.0.1:2/metrics',
      '12.5 % busy',
    ]) {
      expect(text).toContain(shown);
    }
  });

  it('shows the events of an order, and links to them from spans', async () => {
    shop = SHOP;
    const page = await ask('/orders/order-1');
    expect(page.status).toBe(200);
    expect(page.text).toMatch(/>1<.*?1970-01-01T00:00:01\.000Z.*?placed.*?&lt;b>.*?\*\*\*/);
    expect(await ask('/orders/unknown')).toMatchObject({ status: 404 });
    expect(await ask('/orders/away')).toMatchObject({ status: 503 });
    expect(await ask('/orders/broken')).toMatchObject({ status: 500 });
    const id = 'e'.repeat(32);
    window.addSpans([{ ...SPAN, traceId: id, attributes: [['app.order.id', 'order-1']] }]);
    expect((await ask(`/traces/${id}`)).text).toContain('<a href="/orders/order-1">order-1</a>');
  });

  it('forbids scripts and framing by its Content-Security-Policy', async () => {
    const { headers } = await ask('/');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none';base-uri 'none';frame-ancestors 'none';style-src 'self';img-src data:",
    );
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect((await ask('/console.css')).headers['content-type']).toBe('text/css; charset=utf-8');
  });

  it('sends the security headers also with the 400 for a malformed path', async () => {
    const { status, headers } = await ask('/%zz');
    expect(status).toBe(400);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(await ask('/%zz', { host: 'evil.example' })).toMatchObject({ status: 403 });
  });

  it.each([
    ['a foreign name that resolves to this machine', 'evil.example'],
    ['a foreign name with the port of the console', 'evil.example:PORT'],
    ['another port', '127.0.0.1:80'],
    ['a foreign name that begins with the address of the console', '127.0.0.1:PORT.evil.example'],
  ])('refuses a Host header with %s', async (_what, host) => {
    for (const path of ['/', '/services', '/console.css', `/traces/${TRACE_ID}`]) {
      const { status, text } = await ask(path, { host: host.replace('PORT', String(port)) });
      expect({ path, status, text }).toMatchObject({ path, status: 403 });
      expect(text).toBe(`The console is at http://127.0.0.1:${port}/ and has no other name.\n`);
    }
  });

  it.each([
    ['a subresource request from another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['a navigation from another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
    ['a fetch from another port of this machine', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }],
    ['a request with the Origin of another site', { origin: 'https://evil.example' }],
    ['a request with an opaque Origin', { origin: 'null' }],
  ])('refuses %s', async (_what, headers) => {
    expect(await ask('/', headers)).toMatchObject({ status: 403 });
    expect(await ask('/v1/traces', headers, EXPORT)).toMatchObject({ status: 403 });
  });

  it.each([
    ['an address typed by the user', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
    ['a request from its own pages', { 'sec-fetch-site': 'same-origin' }],
    ['a link from the shop', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate' }],
    ['the host name localhost', { host: 'localhost:PORT' }],
  ])('accepts %s', async (_what, headers) => {
    const sent = Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', String(port))]);
    expect(await ask('/', Object.fromEntries(sent) as Record<string, string>)).toMatchObject({ status: 200 });
  });

  it.each([
    ['is malformed', '{', 400],
    ['is not an export request', { resourceLogs: [] }, 400],
    ['exceeds the size limit', `{"a":"${'x'.repeat(9 * 1024 * 1024)}"}`, 413],
  ])('refuses a body of JSON that %s', async (_what, body, status) => {
    expect(await ask('/v1/traces', {}, body)).toMatchObject({ status });
    expect(await ask('/v1/traces', { 'content-type': 'application/x-protobuf' }, 'x')).toMatchObject({ status: 415 });
  });
});
