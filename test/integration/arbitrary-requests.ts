import * as fc from 'fast-check';
import { anyText, cardNumber, cvv, FUZZED_USERS, mostly, productId } from './arbitrary-values.ts';
import type { HttpRequest } from './http-exchange.ts';
import { checkoutForm } from './web-shopper.ts';

// Characters that end a line or a header name are the syntax of HTTP itself.
const headerText = anyText.map((text) => text.replaceAll(/[\0\r\n\u0100-\uffff]/g, '?').slice(0, 1000));
const visible = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
const raw = fc.integer({ min: 0x80, max: 0xff }).map((code) => String.fromCharCode(code));
const pathBytes = fc.string({ unit: fc.oneof({ weight: 200, arbitrary: visible }, { weight: 1, arbitrary: raw }) });
const encoded = anyText.map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 4000));
const segment = fc.oneof(
  encoded,
  pathBytes,
  productId.map((id) => encodeURIComponent(id.toWellFormed()).slice(0, 4000)),
);

const PAGES = [
  '/',
  '/cart',
  '/search',
  '/search',
  '/search',
  '/logout',
  '/_healthz',
  '/robots.txt',
  '/static/styles.css',
  '/nope',
  '*',
];
const path = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...PAGES) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom('/product/', '/product-meta/', '/order/', '/static/', '/', '//', '/../'), segment)
      .map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: pathBytes.map((bytes) => `/${bytes}`) },
);
const query = fc.oneof(
  fc.constant(''),
  encoded.map((text) => `?q=${text}`),
  fc
    .array(fc.tuple(encoded, encoded), { maxLength: 3 })
    .map((pairs) => `?${pairs.map((pair) => pair.join('=')).join('&')}`),
  pathBytes.map((bytes) => `?${bytes}`),
);
const target = fc.tuple(path, query).map((parts) => parts.join(''));

const HEADER_NAMES = [
  'Accept',
  'Accept-Encoding',
  'Accept-Language',
  'Authorization',
  'Cache-Control',
  'Content-Encoding',
  'Expect',
  'Forwarded',
  'If-Match',
  'If-Modified-Since',
  'If-None-Match',
  'Origin',
  'Range',
  'Referer',
  'Sec-Fetch-Site',
  'TE',
  'Upgrade',
  'User-Agent',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'X-Request-Id',
];
const anyHeader = fc.tuple(
  fc.oneof(fc.constantFrom(...HEADER_NAMES), fc.stringMatching(/^x-[!#$%&'*+.^_`|~0-9a-z-]{1,20}$/)),
  headerText,
);
const currency = fc.constantFrom('USD', 'EUR', 'JPY', 'XXX', '%ZZ', '<b>');
const session = fc
  .tuple(mostly(FUZZED_USERS, headerText), currency, fc.option(headerText))
  .map(([id, code, more]) => `Cookie: shop_session-id=${id}; shop_currency=${code}${more === null ? '' : `; ${more}`}`);
const headers = fc
  .tuple(mostly(['Accept: */*'], session), session, fc.array(anyHeader, { maxLength: 3 }))
  .map(([first, cookie, more]) => [first, cookie, ...more.map(([name, value]) => `${name}: ${value}`)]);

const fields = (known: Readonly<Record<string, fc.Arbitrary<string>>>) =>
  fc
    .tuple(fc.record(known), fc.option(fc.dictionary(anyText, anyText, { maxKeys: 2 }), { freq: 3 }))
    .map(([form, more]) => new URLSearchParams({ ...form, ...more }).toString());
const FILLED_IN = Object.entries(checkoutForm()).map(([name, value]) => [name, mostly([value], anyText, 40)] as const);
const FORMS: readonly (readonly [path: string, form: fc.Arbitrary<string>])[] = [
  ['/cart', fields({ product_id: productId, quantity: mostly(['1', '2', '10'], anyText) })],
  ['/cart/empty', fields({})],
  [
    '/cart/checkout',
    fields({ ...Object.fromEntries(FILLED_IN), credit_card_number: cardNumber, credit_card_cvv: cvv.map(String) }),
  ],
  ['/setCurrency', fields({ currency_code: mostly(['EUR', 'JPY'], anyText) })],
];
const body = fc.oneof(
  { weight: 4, arbitrary: fc.oneof(...FORMS.map(([, form]) => form)) },
  { weight: 1, arbitrary: pathBytes },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.integer({ min: 60_000, max: 70_000 }).map((length) => `city=${'x'.repeat(length)}`) },
);
const contentType = mostly(
  ['Content-Type: application/x-www-form-urlencoded'],
  fc.oneof(
    fc.constantFrom('Content-Type: application/json', 'Content-Type: multipart/form-data; boundary=x', 'X-None: x'),
    headerText.map((text) => `Content-Type: ${text}`),
  ),
  2,
);

// Without CONNECT: the server closes the connection of a request for a tunnel.
const METHODS = ['HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY', 'BREW', 'get'];

const form: fc.Arbitrary<HttpRequest> = fc.tuple(fc.constantFrom(...FORMS.keys()), headers).chain(([index, lines]) => {
  const [to, content] = FORMS[index] ?? ['/', fc.constant('')];
  const type = 'Content-Type: application/x-www-form-urlencoded';
  return content.map((text) => ({ method: 'POST', target: to, headers: [...lines, type], body: text }));
});
const page: fc.Arbitrary<HttpRequest> = fc.record({ method: fc.constantFrom('GET', 'HEAD'), target, headers });
const anything: fc.Arbitrary<HttpRequest> = fc.record({
  method: fc.constantFrom('POST', ...METHODS),
  target: fc.oneof(target, fc.constantFrom(...FORMS.map(([to]) => to))),
  headers: fc.tuple(headers, contentType).map(([lines, type]) => [...lines, type]),
  body,
});

/** Arbitrary requests to every route: mostly valid forms, pages, and other requests. */
export const arbitraryRequests: fc.Arbitrary<HttpRequest> = fc.oneof(form, page, anything);
