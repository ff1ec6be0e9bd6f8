import type { ObservedCall } from '../../src/lib/grpc/observer.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { CARD_NUMBER, type Shopper, shopperWithBelongings } from './bystander.ts';
import { bytesOf, exchange, exchangeBytes, formOf, type HttpAnswer, type HttpRequest } from './http-exchange.ts';
import { startTestShop, type TestShop } from './test-shop.ts';
import { checkoutForm } from './web-shopper.ts';

const CALLER = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const BYSTANDER = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const SESSION = `Cookie: shop_session-id=${CALLER}`;
const HTML = `"><script>alert('x')</script>&lt;`;
const ESCAPED = /&quot;(?:>|&gt;)&lt;script(?:>|&gt;)/;
const MUG = '6E92ZMYYFZ';

/** A request, its one right status, and what its page says. */
type Row = readonly [what: string, request: HttpRequest, status: number, says: RegExp];

const post = (target: string, fields: Readonly<Record<string, string>> | string, headers: string[] = []): HttpRequest => {
  const form = formOf(fields);
  return { method: 'POST', target, body: form.body, headers: [...form.headers, ...headers] };
};
const get = (target: string, headers: string[] = []): HttpRequest => ({ target, headers });
const addMug = (quantity: string) => post('/cart', { product_id: MUG, quantity });

const NOT_FOUND = /<h1>Not found<\/h1>/;
const NOT_ALLOWED = /<h1>Not allowed<\/h1>/;
const NOT_THAT_WAY = /<h1>Not that way<\/h1>/;
const NOT_A_FORM = /<h1>Not a form<\/h1>/;
const DID_NOT_WORK = /<h1>That did not work<\/h1>/;
const TOO_MUCH = /<h1>Too much at once<\/h1>/;
const CHOOSE_QUANTITY = /Choose a quantity from 1 to 10\./;

const badPaths: readonly Row[] = [
  ...['/nope', '/cart/', '/CART', '//', '//evil.example/', '/product', '/product/', '/product/NOSUCHTHNG', '/order/no-such']
    .map((target): Row => [`path ${target}`, get(target), 404, NOT_FOUND]),
  ...['/product/%00', '/product/__proto__', '/product/%F0%9F%98%80', '/order/%00', '/order/a%0D%0Ab', `/product/${'x'.repeat(150)}`, `/product/${'x'.repeat(10_000)}`, `/order/${'x'.repeat(10_000)}`, '/product/a%2Fb', `/product/${encodeURIComponent(HTML)}`]
    .map((target): Row => [`id ${target.slice(0, 40)}`, get(target), 404, NOT_FOUND]),
  ...['/%', '/%ZZ', '/product/%E0%A4%A', '/product/%ff', '/order/%ED%A0%80', '/static/%c0%af', '/product-meta/%']
    .map((target): Row => [`broken encoding ${target}`, get(target), 404, NOT_FOUND]),
  ...['/../etc/passwd', '/product/../../etc/passwd', '/static/../../../etc/passwd%00', '/static/..%2f..%2fservice.ts', '/static/..%5c..%5cservice.ts', '/cart/../..', '/static/nope.css']
    .map((target): Row => [`climbing ${target}`, get(target), 404, NOT_FOUND]),
  ...['/static/../service.ts', '/static/%2e%2e/service.ts', '/static/%2e%2e%2fservice.ts', '/static/', '/static/%00']
    .map((target): Row => [`climbing ${target}`, get(target), 403, NOT_ALLOWED]),
  ['JSON of an unknown product', get('/product-meta/NOSUCHTHNG'), 404, /^\{"error":"no such product"\}$/],
  ['an order of somebody else, without a session', get('/order/no-such'), 404, NOT_FOUND],
  ...[['10 kB', 'x'.repeat(10_000)], ['a control character', '%00'], ['bytes that are no text', '%ff']]
    .map(([what, q]): Row => [`search for ${what}`, get(`/search?q=${q}`), 400, DID_NOT_WORK]),
];

const ROUTES: Readonly<Record<string, string>> = {
  '/': 'GET', '/product/6E92ZMYYFZ': 'GET', '/search': 'GET', '/cart': 'GET POST', '/cart/empty': 'POST', '/cart/checkout': 'POST',
  '/order/no-such': 'GET', '/setCurrency': 'POST', '/logout': 'GET', '/product-meta/6E92ZMYYFZ': 'GET',
};
const FILES = ['/_healthz', '/robots.txt', '/static/styles.css'];
const badMethods: readonly Row[] = [
  ...Object.entries(ROUTES).flatMap(([target, allowed]) =>
    ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
      .filter((method) => !allowed.split(' ').includes(method))
      .map((method): Row => [`${method} ${target}`, { ...post(target, 'quantity=1'), method }, 405, NOT_THAT_WAY]),
  ),
  ...Object.keys(ROUTES).concat(FILES).map((target): Row => [`TRACE ${target}`, { method: 'TRACE', target }, 404, NOT_FOUND]),
  ...FILES.map((target): Row => [`POST ${target}`, post(target, ''), 404, NOT_FOUND]),
  ['a method that is none', { method: 'BREW', target: '/cart' }, 400, /Bad Request/],
  ['a method in small letters', { method: 'get', target: '/cart' }, 400, /Bad Request/],
];
