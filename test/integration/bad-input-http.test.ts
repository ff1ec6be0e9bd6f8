import type { ObservedCall } from '../../src/lib/testing/observed-calls.ts';
import { CALLER } from './bad-call.ts';
import {
  type BadRequest,
  badBodies,
  badCheckoutForms,
  badFields,
  badMethods,
  badPaths,
  crossSite,
  ESCAPED_HTML,
  HTML,
  post,
} from './bad-requests.ts';
import { bytesOf, exchange, exchangeBytes, formOf, type HttpRequest, type HttpResponse } from './http-exchange.ts';
import { CARD_NUMBER, expectUnchanged, type Shopper, shopperWithOrder } from './shopper-state.ts';
import { startTestShop, type TestShop } from './test-shop.ts';
import { checkoutForm, MUG } from './web-shopper.ts';

const BYSTANDER = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const cookie = (userId: string): string => `Cookie: shop_session-id=${userId}`;

describe('a bad request', () => {
  const made: ObservedCall[] = [];
  let shop: TestShop;
  let caller: Shopper;
  let bystander: Shopper;

  beforeAll(async () => {
    shop = await startTestShop({ observe: (call) => made.push(call) });
    bystander = await shopperWithOrder(shop, BYSTANDER);
    caller = await shopperWithOrder(shop, CALLER);
  });

  afterAll(async () => {
    await shop[Symbol.asyncDispose]();
  });

  const charges = (): number => made.filter(({ rpc }) => rpc === 'Charge').length;

  /** Sends a request and expects it to change no cart, no order and no charge. */
  const withoutSideEffects = async (work: () => Promise<HttpResponse>): Promise<HttpResponse> => {
    const before = charges();
    const response = await expectUnchanged([bystander, caller], work);
    expect(charges()).toBe(before);
    return response;
  };

  const asCaller = (request: HttpRequest): HttpRequest => ({
    ...request,
    headers: [cookie(CALLER), ...(request.headers ?? [])],
  });

  /** Expects what holds for every page. */
  const expectCleanPage = ({ headers, body }: HttpResponse): void => {
    expect(body).not.toMatch(/<script|node_modules|\.tsx?:\d| {4}at /);
    expect(body).not.toContain(CARD_NUMBER);
    if (headers['content-type']?.startsWith('text/html') === true) {
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  };

  const itIsRefused = (rows: readonly BadRequest[]): void => {
    it.each(rows)('%s', async (_what, request, status, says) => {
      const response = await withoutSideEffects(() => exchange(shop.url, asCaller(request)));
      expect({ status: response.status, body: response.body }).toEqual({ status, body: expect.stringMatching(says) });
      if (status === 405) expect(response.headers.allow).toMatch(/^(?:GET, HEAD|GET, HEAD, POST|POST)$/);
      expectCleanPage(response);
    });
  };

  describe('for an unknown path gets the error page:', () => itIsRefused(badPaths));
  describe('with a method that the path does not support gets the error page:', () => itIsRefused(badMethods));
  describe('whose body is not a form or is too large gets the error page:', () => itIsRefused(badBodies));
  describe('from another site gets the error page:', () => itIsRefused(crossSite));
  describe('with an invalid field gets the error page:', () => itIsRefused(badFields));
  describe('to check out shows the form again:', () => itIsRefused(badCheckoutForms));

  it('with a card that expired last month shows the form again', async () => {
    const now = new Date();
    const before = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1));
    const form = checkoutForm({
      credit_card_expiration_month: String(before.getUTCMonth() + 1),
      credit_card_expiration_year: String(before.getUTCFullYear()),
    });
    const response = await withoutSideEffects(() => exchange(shop.url, asCaller(post('/cart/checkout', form))));
    expect(response.status).toBe(422);
    expect(response.body).toMatch(
      /id="credit_card_expiration_year-problem">(?:This card has expired|Choose a year in)/,
    );
  });

  it('to check out an empty cart shows that the cart is empty', async () => {
    const request = post('/cart/checkout', checkoutForm(), [cookie('9b2d6f0e-4f89-41d3-9a0c-0305e82c3301')]);
    const response = await withoutSideEffects(() => exchange(shop.url, request));
    expect(response).toMatchObject({ status: 422, body: expect.stringContaining('Your cart is empty') });
  });

  it.each([
    ['of another brand', '378282246310005', 'We accept Visa and Mastercard only.'],
    ['that is always declined', '4000000000000002', 'This card was declined.'],
  ])(
    'to pay with a card %s shows the reason at the field and leaves the cart unchanged',
    async (_what, number, says) => {
      const before = await caller.state();
      const form = checkoutForm({ credit_card_number: number });
      const request = asCaller(post('/cart/checkout', form));
      const response = await expectUnchanged([bystander], () => exchange(shop.url, request));
      expect(response.status).toBe(422);
      expect(response.body).toContain(`<p class="problem" id="credit_card_number-problem">${says}`);
      expect(response.body).not.toContain(number);
      expect(await caller.state()).toEqual({ ...before, rejected: [expect.any(String), ...before.rejected] });
    },
  );

  it('for the order of another shopper returns 404', async () => {
    const [orderId = ''] = (await bystander.state()).orders;
    const ask = (userId: string) => exchange(shop.url, { target: `/order/${orderId}`, headers: [cookie(userId)] });
    expect((await withoutSideEffects(() => ask(CALLER))).status).toBe(404);
    expect((await withoutSideEffects(() => ask(BYSTANDER))).status).toBe(200);
  });

  describe('with a forged cookie begins a new session:', () => {
    it.each([
      ['a short one', 'x'],
      ['an empty one', ''],
      ['a UUID of version 1', 'c232ab00-9414-11ec-b3c8-9f6bdeced846'],
      ['a UUID and more', `${BYSTANDER}x`],
      ['a UUID with a line break', `${BYSTANDER}%0d%0aset-cookie:a=b`],
      ['broken encoding', '%ZZ'],
      ['HTML', encodeURIComponent(HTML)],
      ['4 kB', 'x'.repeat(4096)],
      ['an inherited name', '__proto__'],
    ])('%s', async (_what, value) => {
      const headers = [`Cookie: shop_session-id=${value}; shop_currency=XXX; a; =; shop_currency=${HTML}`];
      const response = await withoutSideEffects(() => exchange(shop.url, { target: '/cart', headers }));
      expect(response.status).toBe(200);
      expect(response.headers['set-cookie']).toMatch(/^shop_session-id=[0-9a-f-]{14}4[0-9a-f-]{21};.*HttpOnly/);
      expect(response.headers['set-cookie']).not.toContain(BYSTANDER);
      expect(response.body).toMatch(/Your cart is empty\./);
      expectCleanPage(response);
    });
  });

  describe('with HTML in it is shown escaped:', () => {
    it.each(['email', 'street_address', 'city', 'state', 'country', 'zip_code'])('%s', async (field) => {
      const form = checkoutForm({ zip_code: '?', [field]: HTML });
      const response = await withoutSideEffects(() => exchange(shop.url, asCaller(post('/cart/checkout', form))));
      expect(response).toMatchObject({ status: 422, body: expect.stringMatching(ESCAPED_HTML) });
      expectCleanPage(response);
    });

    it('a search', async () => {
      const target = `/search?q=${encodeURIComponent(HTML)}`;
      const response = await withoutSideEffects(() => exchange(shop.url, { target }));
      expect(response).toMatchObject({ status: 200, body: expect.stringMatching(ESCAPED_HTML) });
      expectCleanPage(response);
    });

    it('the address of an order', async () => {
      const session = cookie('1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed');
      await exchange(shop.url, post('/cart', { product_id: MUG, quantity: '1' }, [session]));
      const form = checkoutForm({ street_address: HTML, city: HTML, state: HTML, country: HTML });
      const placed = await exchange(shop.url, post('/cart/checkout', form, [session]));
      expect(placed.status).toBe(303);
      const response = await exchange(shop.url, { target: placed.headers.location ?? '', headers: [session] });
      expect(response).toMatchObject({ status: 200, body: expect.stringMatching(ESCAPED_HTML) });
      expectCleanPage(response);
    });

    it.each(['X-Request-Id', 'Referer', 'User-Agent', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'Accept-Language'])(
      'nothing of %s',
      async (name) => {
        const request = { target: '/nope', headers: [`${name}: ${HTML}`] };
        const response = await withoutSideEffects(() => exchange(shop.url, asCaller(request)));
        expect(response.status).toBe(404);
        expectCleanPage(response);
      },
    );
  });

  it.each([
    ['https://evil.example/cart', '/'],
    ['http://127.0.0.1:1/cart', '/'],
    ['javascript:alert(1)', '/'],
    [HTML, '/'],
    ['OWN//evil.example', '/'],
    ['OWN/\\evil.example', '/'],
    ['OWN/cart/checkout', '/cart'],
    [`OWN/product/${MUG}?x=1`, `/product/${MUG}?x=1`],
  ])('to choose a currency coming from %s leads to %s', async (referer, location) => {
    const headers = [`Referer: ${referer.replace('OWN', shop.url)}`];
    const request = asCaller(post('/setCurrency', 'currency_code=EUR', headers));
    const response = await withoutSideEffects(() => exchange(shop.url, request));
    expect(response).toMatchObject({ status: 303, headers: { location } });
  });

  describe('that is not HTTP closes the connection:', () => {
    const head = `POST /cart/empty HTTP/1.1\r\nHost: x\r\n${cookie(CALLER)}\r\n${formOf('').headers.join('\r\n')}\r\n`;
    it.each([
      ['a header of 20 kB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
      ['2000 headers', `GET / HTTP/1.1\r\nHost: x\r\n${'X-Header: x\r\n'.repeat(2000)}\r\n`, 431],
      ['a path of 20 kB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
      ['a header without a colon', `${head}nothing\r\n\r\n`, 400],
      ['two lengths', `${head}Content-Length: 0\r\nContent-Length: 5\r\n\r\n`, 400],
      ['a length and chunks', `${head}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
      ['a length that is none', `${head}Content-Length: many\r\n\r\n`, 400],
      ['a chunk without a length', `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
      ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
      ['a version of the future', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n', 400],
      ['a path with raw bytes', Buffer.from('GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n', 'latin1').toString('latin1'), 400],
      ['TLS', '\x16\x03\x01\x02\x00\x01\x00', 400],
      ['a tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n', 0],
    ])('%s', async (_what, bytes, status) => {
      const response = await withoutSideEffects(() => exchangeBytes(shop.url, [Buffer.from(bytes, 'latin1')]));
      expect(response.status).toBe(status);
      expectCleanPage(response);
    });
  });

  describe('that arrives slowly', () => {
    const bytes = () => bytesOf(shop.url, asCaller(post('/setCurrency', 'currency_code=EUR')));

    it('is answered when its last byte has arrived, and other requests are answered before that', async () => {
      const pieces = Array.from(bytes(), (byte) => Buffer.of(byte));
      const beforeLast = async (): Promise<void> => {
        const others = Array.from({ length: 20 }, () => exchange(shop.url, { target: '/_healthz' }));
        expect((await Promise.all(others)).map(({ status }) => status)).toEqual(others.map(() => 200));
      };
      const response = await withoutSideEffects(() => exchangeBytes(shop.url, pieces, { beforeLast }));
      expect(response.status).toBe(303);
    });

    it.each([0.2, 0.5, 0.9])('and is cut off after the fraction %d of its bytes changes nothing', async (part) => {
      const all = bytesOf(shop.url, asCaller(post('/cart/checkout', checkoutForm())));
      const some = [all.subarray(0, Math.floor(all.length * part))];
      const response = await withoutSideEffects(() => exchangeBytes(shop.url, some, { hangUp: true }));
      expect(response.status).toBe(0);
    });
  });

  it('leaves the shop healthy, with no error and no card number in the logs', async () => {
    expect(await exchange(shop.url, { target: '/_healthz' })).toMatchObject({ status: 200, body: 'ok' });
    expect((await exchange(shop.url, { target: '/' })).status).toBe(200);
    expect(shop.logs.errors()).toEqual([]);
    expect(shop.logs.text()).not.toContain(CARD_NUMBER);
  });
});
