import type { ServerResponse } from 'node:http';
import { silentTracer } from '../lib/telemetry/tracing.ts';
import { freePort } from '../lib/testing/free-port.ts';
import type { CookieJar } from './jar.ts';
import { type SeenRequest, startTestStorefront, type TestStorefront } from './storefront.testing.ts';
import { openStorefront, type StorefrontClient } from './storefront-client.ts';

const page = (path: string) => ({ name: 'index', path }) as const;
const answered = { kind: 'answered' };
const failed = (reason: string) => ({ kind: 'failed', reason });

const open = (address: string, pageTimeoutMs = 600_000): StorefrontClient =>
  openStorefront({
    address,
    userAgent: 'test',
    maxConnections: 1,
    pageTimeoutMs,
    now: () => 1000,
    tracer: silentTracer(),
  });

describe('the storefront client', () => {
  let respond: (request: SeenRequest, response: ServerResponse) => void;
  let server: TestStorefront;
  let client: StorefrontClient;

  beforeEach(async () => {
    respond = (_request, response) => response.end('ok');
    server = await startTestStorefront((request, response) => respond(request, response));
    client = open(server.address);
  });

  afterEach(async () => {
    client[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  const outcomeOf = async (path: string) => (await client.visit(page(path), [])).outcome;

  it('requests a page with GET', async () => {
    expect(await outcomeOf('/product/OLJCESPC7Z')).toEqual(answered);
    expect(server.seen).toMatchObject([{ method: 'GET', path: '/product/OLJCESPC7Z', body: '' }]);
  });

  it('posts a URL-encoded form without an Origin header', async () => {
    const form = { city: "Coeur d'Alene", country: 'Côte & "x"=1', empty: '' };
    await client.visit({ name: 'checkout', path: '/cart/checkout', form }, []);
    const [request] = server.seen;
    expect(request).toMatchObject({ method: 'POST', path: '/cart/checkout' });
    expect(request?.headers).toMatchObject({ 'content-type': 'application/x-www-form-urlencoded' });
    expect(request?.headers).not.toHaveProperty('origin');
    expect(request?.body).toBe('city=Coeur+d%27Alene&country=C%C3%B4te+%26+%22x%22%3D1&empty=');
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual(form);
  });

  it('stores cookies, including those of redirect responses', async () => {
    respond = ({ path }, response) => {
      response.setHeader('set-cookie', [`on${path.replace('/', '-')}=1; Path=/`, 'last=1; Path=/; Max-Age=60']);
      if (path === '/from') response.writeHead(302, { location: '/to' });
      response.end();
    };
    const { jar } = await client.visit(page('/from'), []);
    await client.visit(page('/again'), jar);
    expect(server.seen.map(({ headers }) => headers.cookie)).toEqual([
      undefined,
      'on-from=1; last=1',
      'on-from=1; on-to=1; last=1',
    ]);
  });

  it.each([301, 302, 303, 307, 308])('follows a %s with GET and without the form', async (status) => {
    respond = ({ path }, response) => {
      if (path === '/cart') response.writeHead(status, { location: 'shown?x=1#top' });
      response.end();
    };
    const form = { product_id: 'a' };
    expect((await client.visit({ name: 'addToCart', path: '/cart', form }, [])).outcome).toEqual(answered);
    expect(server.seen[1]).toMatchObject({ method: 'GET', path: '/shown?x=1', body: '' });
    expect(server.seen[1]?.headers).not.toHaveProperty('content-type');
  });

  it('does not follow redirects to another origin', async () => {
    await using elsewhere = await startTestStorefront((_request, response) => response.end());
    respond = (_request, response) => response.writeHead(302, { location: `http://${elsewhere.address}/` }).end();
    expect(await outcomeOf('/')).toEqual(answered);
    expect([server.seen.length, elsewhere.seen.length]).toEqual([1, 0]);
  });

  it('follows five redirects and reports a sixth as REDIRECT_LOOP', async () => {
    respond = ({ path }, response) => {
      const left = Number(path.slice(1));
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` });
      response.end();
    };
    expect(await outcomeOf('/5')).toEqual(answered);
    expect(await outcomeOf('/6')).toEqual(failed('REDIRECT_LOOP'));
    expect(server.seen).toHaveLength(12);
  });

  it.each([
    [200, answered],
    [304, answered],
    [399, answered],
    [400, failed('HTTP_400')],
    [422, failed('HTTP_422')],
    [503, failed('HTTP_503')],
  ])('reports status %d as %j', async (status, outcome) => {
    respond = (_request, response) => response.writeHead(status).end();
    expect(await outcomeOf('/')).toEqual(outcome);
  });

  it('reports a redirect to an error page as failed', async () => {
    respond = ({ path }, response) =>
      path === '/' ? response.writeHead(302, { location: '/gone' }).end() : response.writeHead(404).end();
    expect(await outcomeOf('/')).toEqual(failed('HTTP_404'));
  });

  it('reports TIMEOUT for a response that is missing or incomplete at the limit', async () => {
    using hasty = open(server.address, 50);
    respond = ({ path }, response) => {
      if (path === '/half') response.write('half');
    };
    expect((await hasty.visit(page('/silent'), [])).outcome).toEqual(failed('TIMEOUT'));
    expect((await hasty.visit(page('/half'), [])).outcome).toEqual(failed('TIMEOUT'));
  });

  it('includes redirects in the time limit of a page', async () => {
    using hasty = open(server.address, 300);
    respond = ({ path }, response) => {
      setTimeout(() => response.writeHead(302, { location: `${path}x` }).end(), 100);
    };
    expect((await hasty.visit(page('/'), [])).outcome).toEqual(failed('TIMEOUT'));
  });

  it('reports a network error by its code', async () => {
    using unreachable = open(`127.0.0.1:${await freePort()}`);
    expect((await unreachable.visit(page('/'), [])).outcome).toEqual(failed('ECONNREFUSED'));
    respond = ({ path }, response) => {
      if (path === '/half') response.write('half', () => response.destroy());
      else response.destroy();
    };
    expect(await outcomeOf('/none')).toEqual(failed('ECONNRESET'));
    expect(await outcomeOf('/half')).toEqual(failed('ECONNRESET'));
  });

  it('keeps the previous cookies when a page fails', async () => {
    const jar: CookieJar = [{ name: 'a', value: '1', path: '/', expiresAtMs: undefined }];
    respond = (_request, response) => response.destroy();
    expect((await client.visit(page('/'), jar)).jar).toEqual(jar);
  });

  it('reuses its connection', async () => {
    const ports = new Set<number | undefined>();
    respond = (_request, response) => {
      ports.add(response.socket?.remotePort);
      response.end('x'.repeat(100_000));
    };
    for (let visit = 0; visit < 5; visit += 1) await outcomeOf('/');
    expect(ports.size).toBe(1);
  });

  it('opens no more connections than its limit', async () => {
    let inFlight = 0;
    let most = 0;
    respond = (_request, response) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      // Long enough for the others to arrive, if they had connections of their own.
      setTimeout(() => {
        inFlight -= 1;
        response.end();
      }, 20);
    };
    await Promise.all(Array.from({ length: 10 }, () => outcomeOf('/')));
    expect(most).toBe(1);
  });

  it('abandons pages in flight when it is closed', async () => {
    respond = () => client[Symbol.dispose]();
    expect(await outcomeOf('/')).toEqual({ kind: 'abandoned' });
  });

  it.each([
    [200, true],
    [503, false],
    [404, false],
  ])('reports a health check status of %d as healthy: %s', async (status, healthy) => {
    respond = (_request, response) => response.writeHead(status).end();
    expect(await client.isHealthy()).toBe(healthy);
    expect(server.seen).toMatchObject([{ method: 'GET', path: '/_healthz' }]);
  });

  it('reports an unreachable storefront as unhealthy', async () => {
    using unreachable = open(`127.0.0.1:${await freePort()}`);
    expect(await unreachable.isHealthy()).toBe(false);
  });
});
