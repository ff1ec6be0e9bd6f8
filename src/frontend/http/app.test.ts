import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { DomainError } from '../../lib/errors.ts';
import { eventually } from '../../lib/testing/eventually.ts';
import { type FakeShop, startFakeShop } from '../fake-shop.testing.ts';
import { type Got, newShopper, startTestFrontend, type TestFrontend } from '../shopper.testing.ts';

describe('the HTTP server', () => {
  let shop: FakeShop;
  let frontend: TestFrontend;

  beforeAll(async () => {
    shop = await startFakeShop();
    frontend = await startTestFrontend(shop);
  });

  afterAll(async () => {
    await frontend[Symbol.asyncDispose]();
    await shop[Symbol.asyncDispose]();
  });

  beforeEach(() => shop.reset());

  const ask = async (path: string, init: RequestInit = {}): Promise<Got> => {
    const response = await fetch(`${frontend.url}${path}`, { redirect: 'manual', ...init });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

  /** Sends a path unchanged: fetch would normalize it. */
  async function askRaw(requestLine: string): Promise<string> {
    return await askBytes(`${requestLine} HTTP/1.1\r\nHost: ${frontend.address}\r\nConnection: close\r\n\r\n`);
  }

  /** Sends bytes unchanged, and reads until the server closes the connection. */
  async function askBytes(bytes: string): Promise<string> {
    const port = Number(frontend.address.split(':')[1]);
    const socket = connect(port, '127.0.0.1');
    socket.write(bytes);
    return await readText(socket);
  }

  /** The value of a series; 0 when it does not exist yet. */
  async function countOf(series: string): Promise<number> {
    const text = await frontend.runtime.metrics.registry.metrics();
    const line = text.split('\n').find((one) => one.startsWith(`${series} `));
    return Number(line?.split(' ').at(1) ?? 0);
  }

  function expectErrorPage(got: Got, status: number): void {
    expect(got.status).toBe(status);
    expect(got.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(got.headers.get('cache-control')).toBe('no-store');
    expect(got.text).toMatch(/Request <code>[\w-]{8,64}<\/code>/);
    expect(got.text.includes('report this request id')).toBe(status >= 500);
    expect(got.text).not.toMatch(/\bat .*\.[jt]sx?:\d+|node_modules|FST_ERR|Error:/);
  }

  describe('an invalid request gets an error page with a request id', () => {
    it.each([
      ['an unknown path', '/nope'],
      ['an unknown product', '/product/nope'],
      ['a product id that is not UTF-8', '/product/%ff'],
      ['a long product id', `/product/${'x'.repeat(5000)}`],
      ['a path that is not UTF-8', '/%c0%ae%c0%ae/etc/passwd'],
      ['a path with an incomplete percent-encoding', '/product/%'],
      ['an unknown order', '/order/nope'],
      ['an unknown asset', '/static/nope.css'],
      ['a path outside the assets', '/static/..%2fconfig.ts'],
      ['a path outside the assets, encoded twice', '/static/%252e%252e%252fconfig.ts'],
      ['a property of Object.prototype', '/__proto__'],
    ])('404: %s', async (_what, path) => {
      expectErrorPage(await ask(path), 404);
    });

    it.each(['GET /../../etc/passwd', 'GET //evil.example/', 'GET /\\evil.example'])(
      '404: %s as it stands',
      async (requestLine) => {
        expect(await askRaw(requestLine)).toMatch(/^HTTP\/1\.1 404 /);
      },
    );

    it.each([
      ['PUT', '/cart', 'GET, HEAD, POST'],
      ['DELETE', '/', 'GET, HEAD'],
      ['GET', '/cart/checkout', 'POST'],
      ['HEAD', '/setCurrency', 'POST'],
      ['POST', '/product/6E92ZMYYFZ', 'GET, HEAD'],
      ['OPTIONS', '/cart/empty', 'POST'],
      ['POST', '/_healthz', 'GET, HEAD'],
      ['DELETE', '/robots.txt', 'GET, HEAD'],
      ['POST', '/static/styles.css', 'GET, HEAD'],
    ])('405: %s %s, with the Allow header %s', async (method, path, allowed) => {
      const got = await ask(path, { method });
      expect(got.headers.get('allow')?.split(', ').sort().join(', ')).toBe(allowed);
      if (method === 'HEAD') expect(got).toMatchObject({ status: 405, text: '' });
      else expectErrorPage(got, 405);
    });

    it.each([
      ['400', 'BREW /cart HTTP/1.1\r\nHost: x\r\n\r\n', 'Bad request', 'HPE_INVALID_METHOD'],
      ['400', 'GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n', 'Bad request', 'HPE_INVALID_HEADER_TOKEN'],
      ['431', `GET / HTTP/1.1\r\nCookie: ${'x'.repeat(20_000)}\r\n\r\n`, 'Request too large', 'HPE_HEADER_OVERFLOW'],
    ])('%s: bytes that are not a valid request: %j', async (status, bytes, title, reason) => {
      const counted = `http_server_request_duration_seconds_count{service="frontend",http_request_method="_OTHER",http_route="none",http_response_status_code="${status}"}`;
      const before = await countOf(counted);
      const response = await askBytes(bytes);
      expect(await countOf(counted)).toBe(before + 1);
      const [head = '', html = ''] = response.split('\r\n\r\n');
      const [statusLine, ...lines] = head.split('\r\n');
      const headers = new Headers(
        lines.map((line): [string, string] => [line.split(':', 1)[0] ?? '', line.slice(line.indexOf(':') + 2)]),
      );
      expect(statusLine).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expectErrorPage({ status: Number(status), headers, text: html }, Number(status));
      expect(html).toContain(`<h1>${title}</h1>`);
      expect(Number(headers.get('content-length'))).toBe(Buffer.byteLength(html));
      expect(headers.get('connection')).toBe('close');
      const routed = (await ask('/nope')).headers;
      for (const name of ['content-security-policy', 'referrer-policy', 'x-content-type-options', 'x-frame-options']) {
        expect(headers.get(name)).toBe(routed.get(name));
      }
      const requestId = /<code>([^<]+)<\/code>/.exec(html)?.[1];
      expect(frontend.runtime.logs.lines).toContainEqual(
        expect.objectContaining({
          level: 'info',
          msg: 'malformed request',
          requestId,
          status: Number(status),
          reason,
        }),
      );
    });

    it('405: PUT with a body of any type', async () => {
      const headers = { 'content-type': 'application/json' };
      expectErrorPage(await ask('/cart', { method: 'PUT', body: '{}', headers }), 405);
    });

    it('413: a form of more than 64 kB', async () => {
      const body = `product_id=${'x'.repeat(65 * 1024)}`;
      expectErrorPage(await ask('/cart', { method: 'POST', body, headers: FORM }), 413);
    });

    it.each(['application/json', 'multipart/form-data; boundary=x', 'text/plain', 'nonsense'])(
      '415: a body of type %s',
      async (type) => {
        expectErrorPage(await ask('/cart', { method: 'POST', body: '{}', headers: { 'content-type': type } }), 415);
      },
    );

    it('400: a form with a duplicate field', async () => {
      const body = 'product_id=6E92ZMYYFZ&quantity=1&quantity=10';
      expectErrorPage(await ask('/cart', { method: 'POST', body, headers: FORM }), 400);
      expect(shop.calls).toEqual([]);
    });

    it('404: a form with a product id that is not UTF-8', async () => {
      expectErrorPage(await ask('/cart', { method: 'POST', body: 'product_id=%ff%&quantity=1', headers: FORM }), 404);
    });

    it.each<Record<string, string>>([{ origin: 'http://evil.example' }, { 'sec-fetch-site': 'cross-site' }])(
      '403: a form from another site: %j',
      async (headers) => {
        expectErrorPage(await ask('/cart/empty', { method: 'POST', headers }), 403);
        expect(shop.calls).toEqual([]);
      },
    );

    it.each(['GET /static/', 'GET /static/../config.ts'])('403: %s', async (requestLine) => {
      expect(await askRaw(requestLine)).toMatch(/^HTTP\/1\.1 403 /);
    });

    it('500: an INVALID_ARGUMENT from an upstream, which is logged with its stack trace', async () => {
      shop.fail(new DomainError('invalid', 'USER_ID_INVALID', 'aisle 7'), 'getCart');
      const got = await ask('/cart', { headers: { 'x-request-id': 'bug-number-1' } });
      expectErrorPage(got, 500);
      expect(got.text).toContain('bug-number-1');
      expect(got.text).not.toContain('aisle 7');
      expect(frontend.runtime.logs.lines).toContainEqual(
        expect.objectContaining({
          level: 'error',
          msg: 'page failed',
          requestId: 'bug-number-1',
          err: expect.objectContaining({ stack: expect.stringContaining('aisle 7') }),
        }),
      );
    });
  });

  describe('every response', () => {
    it.each(['/', '/cart', '/nope', '/product/%ff', '/static/styles.css', '/_healthz', '/robots.txt'])(
      'has security headers and does not name the server software: %s',
      async (path) => {
        const { headers } = await ask(path);
        expect(headers.get('content-security-policy')).toBe(
          "default-src 'none';base-uri 'none';frame-ancestors 'none';style-src 'self';img-src 'self';form-action 'self'",
        );
        expect(headers.get('referrer-policy')).toBe('same-origin');
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('server')).toBeNull();
        expect(headers.get('x-powered-by')).toBeNull();
        expect(headers.get('strict-transport-security')).toBeNull();
      },
    );

    it.each(['/', '/product/6E92ZMYYFZ', '/cart'])(
      'to HEAD equals the response to GET without the body: %s',
      async (path) => {
        const get = await ask(path);
        const head = await ask(path, { method: 'HEAD' });
        expect(head).toMatchObject({ status: get.status, text: '' });
        expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'));
      },
    );

    it.each(['/', '/product/6E92ZMYYFZ', '/cart', '/search?q=mug', '/nope'])(
      'to a page forbids caching: %s',
      async (path) => {
        expect((await ask(path)).headers.get('cache-control')).toBe('no-store');
      },
    );

    it('with an asset permits caching for an hour', async () => {
      expect((await ask('/static/styles.css')).headers.get('cache-control')).toBe('public, max-age=3600');
    });

    it('shows a valid request id of the request, and passes it to upstreams', async () => {
      expect((await ask('/', { headers: { 'x-request-id': 'trace_me-1' } })).text).toContain('trace_me-1');
      expect(shop.calls.length).toBeGreaterThan(0);
      expect(shop.calls.filter(({ call }) => call.requestId !== 'trace_me-1')).toEqual([]);
      expect((await ask('/', { headers: { 'x-request-id': '<b>' } })).text).not.toContain('<b>');
    });

    it('is logged once, with the pattern of its route', async () => {
      const { lines } = frontend.runtime.logs;
      for (const path of ['/product/6E92ZMYYFZ', '/nope-nope', '/search?q=secret-search']) {
        await ask(path, { headers: { 'x-request-id': 'logged' } });
      }
      const logged = () => lines.filter((line) => line.requestId === 'logged');
      await eventually('the last request is logged', () => logged().length >= 3);
      expect(logged()).toEqual([
        expect.objectContaining({ msg: 'request completed', method: 'GET', route: '/product/:id', status: 200 }),
        expect.objectContaining({ msg: 'request completed', method: 'GET', route: 'none', status: 404 }),
        expect.objectContaining({ msg: 'request completed', method: 'GET', route: '/search', status: 200 }),
      ]);
      expect(logged().every(({ durationMs }) => Number(durationMs) > 0)).toBe(true);
      expect(frontend.runtime.logs.text()).not.toMatch(/nope-nope|secret-search/);
    });
  });

  describe('cookies', () => {
    const sent = (got: Got): string[] => got.headers.getSetCookie();

    it('identify a new shopper for 48 hours, with HttpOnly and SameSite=Lax', async () => {
      expect(sent(await ask('/'))).toEqual([
        expect.stringMatching(/^shop_session-id=[0-9a-f-]{36}; Max-Age=172800; Path=\/; HttpOnly; SameSite=Lax$/),
      ]);
    });

    it('are renewed with every page, and replaced when the session id is invalid', async () => {
      const id = '0b5c2b0e-9b1c-4f6e-8a3d-2f1e0d9c8b7a';
      const [renewed] = sent(await ask('/cart', { headers: { cookie: `shop_session-id=${id}` } }));
      expect(renewed).toContain(`shop_session-id=${id}; Max-Age=172800`);
      const [replaced] = sent(await ask('/cart', { headers: { cookie: 'shop_session-id=admin' } }));
      expect(replaced).toMatch(/^shop_session-id=[0-9a-f-]{36};/);
      expect(shop.calls.map(({ request }) => request)).not.toContainEqual({ userId: 'admin' });
    });

    it.each(['https', 'https,http', 'HTTPS'])(
      'are Secure when the shopper uses TLS: X-Forwarded-Proto %s',
      async (proto) => {
        const [cookie] = sent(await ask('/', { headers: { 'x-forwarded-proto': proto } }));
        expect(cookie).toContain('; Secure');
      },
    );

    it('are not Secure when only an inner proxy uses TLS', async () => {
      const [cookie] = sent(await ask('/', { headers: { 'x-forwarded-proto': 'http, https' } }));
      expect(cookie).not.toContain('Secure');
    });

    it('may be malformed without an error', async () => {
      expect((await ask('/', { headers: { cookie: 'shop_currency=%ff; =;;; shop_session-id="' } })).status).toBe(200);
    });
  });

  describe('the server', () => {
    it('answers health checks with ok', async () => {
      expect(await ask('/_healthz')).toMatchObject({ status: 200, text: 'ok' });
    });

    it('disallows robots', async () => {
      expect((await ask('/robots.txt')).text).toBe('User-agent: *\nDisallow: /\n');
    });
  });

  describe('a configured frontend', () => {
    it('prefixes every address with its base path', async () => {
      await using other = await startTestFrontend(shop, { BASE_URL: '/shop', BANNER_COLOR: '#0a7' });
      const shopper = newShopper(other.url);
      const home = await shopper.get('/shop/');
      expect((await shopper.get('/shop')).text).toContain('Mug');
      const addresses = [...home.text.matchAll(/(?:href|src|action)="([^"]*)"/g)].map(([, address]) => address);
      expect(addresses.length).toBeGreaterThan(10);
      expect(addresses.filter((address) => !/^(?:\/shop\/|#)/.test(address ?? ''))).toEqual([]);
      for (const address of addresses.filter((one) => one?.startsWith('/shop/static/'))) {
        expect((await shopper.get(address ?? '')).status).toBe(200);
      }
      const added = await shopper.post('/shop/cart', { product_id: '6E92ZMYYFZ', quantity: '1' });
      expect(added).toMatchObject({ status: 303 });
      expect(added.headers.get('location')).toBe('/shop/cart');
      expect((await shopper.get('/shop/logout')).headers.get('location')).toBe('/shop/');
      expect((await shopper.get('/')).status).toBe(404);
      expect((await shopper.get('/shopping')).status).toBe(404);
      expect((await shopper.get('/_healthz')).status).toBe(200);
      expect((await shopper.get('/shop/_healthz')).status).toBe(200);
    });

    it('shows FRONTEND_MESSAGE as escaped text and serves BANNER_COLOR as a style sheet', async () => {
      const env = { FRONTEND_MESSAGE: '<b>Sale</b> & more', BANNER_COLOR: 'teal' };
      await using other = await startTestFrontend(shop, env);
      const shopper = newShopper(other.url);
      const { text } = await shopper.get('/');
      expect(text).toContain('&lt;b>Sale&lt;/b> &amp; more');
      expect(text).not.toContain('<b>Sale');
      expect(text).toContain('href="/static/banner.css"');
      const css = await shopper.get('/static/banner.css');
      expect(css.text).toBe(':root { --banner-color: teal; }\n');
      expect(css.headers.get('content-type')).toBe('text/css; charset=utf-8');
      expect((await ask('/')).text).not.toContain('banner.css');
    });

    it('shares one session for ENABLE_SINGLE_SHARED_SESSION=true', async () => {
      await using other = await startTestFrontend(shop, { ENABLE_SINGLE_SHARED_SESSION: 'true' });
      const ann = newShopper(other.url);
      await ann.post('/cart', { product_id: '6E92ZMYYFZ', quantity: '3' });
      expect((await newShopper(other.url).get('/cart')).text).toContain('Mug');
      expect(ann.cookies.get('shop_session-id')).toBe('12345678-1234-1234-1234-123456789123');
    });
  });
});
