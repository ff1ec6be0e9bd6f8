import { request } from 'node:http';
import { startConsole } from './console-server.tsx';
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

describe('the console', () => {
  let window: TraceWindow;
  let watch: ServiceWatch | undefined;
  let server: Awaited<ReturnType<typeof startConsole>>;
  let port: number;

  beforeAll(async () => {
    window = openTraceWindow();
    server = await startConsole(0, window, () => watch);
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

  it('shows what it was sent, and whatever that holds as text', async () => {
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

  it('says of a trace that is too long for it that it is not whole', async () => {
    const id = 'f'.repeat(32);
    const spans = Array.from({ length: 1200 }, (_, index) => ({ spanId: index.toString(16).padStart(16, '0') }));
    window.addSpans(spans.map((span, index) => ({ ...SPAN, ...span, traceId: id, startMs: index, endMs: index + 1 })));
    const { text } = await ask(`/traces/${id}`);
    expect(text).toContain('Too long to be kept whole: 200 older spans and lines are not here.');
    expect(text.match(/<details/g)).toHaveLength(1000);
  });

  it('lists those with errors alone when it is asked to', async () => {
    expect((await ask('/?show=errors')).text).not.toContain(TRACE_ID);
  });

  it('says so when a trace is not here, or the shop not open', async () => {
    expect(await ask(`/traces/${'0'.repeat(32)}`)).toMatchObject({ status: 404 });
    expect(await ask('/services')).toMatchObject({ status: 503 });
  });

  it('shows the services: who is well, and how the calls between them go', async () => {
    watch = WATCH;
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

  it('runs nothing, and stands in no frame', async () => {
    const { headers } = await ask('/');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none';base-uri 'none';frame-ancestors 'none';style-src 'self';img-src data:",
    );
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect((await ask('/console.css')).headers['content-type']).toBe('text/css; charset=utf-8');
  });

  it('answers an address that cannot be read as it answers every other', async () => {
    const { status, headers } = await ask('/%zz');
    expect(status).toBe(400);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(await ask('/%zz', { host: 'evil.example' })).toMatchObject({ status: 403 });
  });

  it.each([
    ['a name that was pointed here', 'evil.example'],
    ['such a name with the port', 'evil.example:PORT'],
    ['another port', '127.0.0.1:80'],
    ['a name that begins well', '127.0.0.1:PORT.evil.example'],
  ])('refuses a Host that is %s', async (_what, host) => {
    for (const path of ['/', '/services', '/console.css', `/traces/${TRACE_ID}`]) {
      const { status, text } = await ask(path, { host: host.replace('PORT', String(port)) });
      expect({ path, status, text }).toMatchObject({ path, status: 403 });
      expect(text).toBe(`The console is at http://127.0.0.1:${port}/ and has no other name.\n`);
    }
  });

  it.each([
    ['asked by another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['linked from another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
    ['read by another port of this machine', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }],
    ['asked with the origin of another site', { origin: 'https://evil.example' }],
    ['asked with an origin that is hidden', { origin: 'null' }],
  ])('refuses to be %s', async (_what, headers) => {
    expect(await ask('/', headers)).toMatchObject({ status: 403 });
    expect(await ask('/v1/traces', headers, EXPORT)).toMatchObject({ status: 403 });
  });

  it.each([
    ['opened by hand', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
    ['opened from its own pages', { 'sec-fetch-site': 'same-origin' }],
    ['linked from the shop', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate' }],
    ['called localhost', { host: 'localhost:PORT' }],
  ])('can be %s', async (_what, headers) => {
    const sent = Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', String(port))]);
    expect(await ask('/', Object.fromEntries(sent) as Record<string, string>)).toMatchObject({ status: 200 });
  });

  it.each([
    ['is none', '{', 400],
    ['is no export request', { resourceLogs: [] }, 400],
    ['is too long', `{"a":"${'x'.repeat(9 * 1024 * 1024)}"}`, 413],
  ])('refuses JSON that %s', async (_what, body, status) => {
    expect(await ask('/v1/traces', {}, body)).toMatchObject({ status });
    expect(await ask('/v1/traces', { 'content-type': 'application/x-protobuf' }, 'x')).toMatchObject({ status: 415 });
  });
});
