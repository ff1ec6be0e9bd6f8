import type { HttpRequest } from './http-exchange.ts';
import { formOf } from './http-exchange.ts';
import { checkoutForm, MUG } from './web-shopper.ts';

/** A bad request, its only correct status, and the text of its page. */
export type BadRequest = readonly [what: string, request: HttpRequest, status: number, says: RegExp];

/** A text that ends an attribute and starts a script when it is not escaped. */
export const HTML = `"><script>alert('x')</script>`;

/** The escaped text. */
export const ESCAPED_HTML = /&quot;(?:>|&gt;)&lt;script(?:>|&gt;)/;

const NOT_FOUND = /<h1>Not found<\/h1>/;
const NOT_ALLOWED = /<h1>Not allowed<\/h1>/;
const METHOD_NOT_ALLOWED = /<h1>Method not allowed<\/h1>/;
const UNSUPPORTED_TYPE = /<h1>Unsupported form type<\/h1>/;
const BAD_REQUEST = /<h1>Bad request<\/h1>/;
const TOO_LARGE = /<h1>Request too large<\/h1>/;
const ELSEWHERE = /This form was sent from another site\./;
const CHOOSE_QUANTITY = /<p class="problem" id="quantity-problem">Choose a quantity from 1 to 10\.<\/p>/;
const CURRENCY_NOT_OFFERED = /<h1>Currency not offered<\/h1>/;

/** A form with the headers of a browser. */
export function post(
  target: string,
  fields: Readonly<Record<string, string>> | string,
  headers: readonly string[] = [],
): HttpRequest {
  const form = formOf(fields);
  return { method: 'POST', target, body: form.body, headers: [...form.headers, ...headers] };
}

const paths = (what: string, status: number, says: RegExp, targets: readonly string[]): BadRequest[] =>
  targets.map((target) => [`${what} ${target.slice(0, 50)}`, { target }, status, says]);

/** Paths that do not exist. */
export const badPaths: readonly BadRequest[] = [
  ...paths('unknown path', 404, NOT_FOUND, [
    '/nope',
    '/cart/',
    '/CART',
    '//',
    '//evil.example/',
    '/product',
    '/product/',
    '/static',
    '/static/nope.css',
    '/product/NOSUCHTHNG',
    '/order/no-such',
  ]),
  ...paths('malformed id', 404, NOT_FOUND, [
    '/product/%00',
    '/product/__proto__',
    '/product/%F0%9F%98%80',
    '/order/%00',
    '/order/a%0D%0Ab',
    `/product/${'x'.repeat(150)}`,
    `/product/${'x'.repeat(10_000)}`,
    `/order/${'x'.repeat(10_000)}`,
    '/product/a%2Fb',
    `/product/${encodeURIComponent(HTML)}`,
    `/order/${encodeURIComponent(HTML)}`,
  ]),
  ...paths('broken encoding', 404, NOT_FOUND, [
    '/%',
    '/%ZZ',
    '/product/%E0%A4%A',
    '/product/%ff',
    '/order/%ED%A0%80',
    '/static/%c0%af',
    '/product-meta/%',
    `/product/%${HTML.replaceAll(' ', '')}`,
  ]),
  ...paths('path traversal', 404, NOT_FOUND, [
    '/../etc/passwd',
    '/product/../../etc/passwd',
    '/cart/../..',
    '/static/..%2f..%2fservice.ts',
    '/static/%2e%2e%2fservice.ts',
    '/%2e%2e/%2e%2e/etc/passwd',
  ]),
  ...paths('path traversal', 403, NOT_ALLOWED, [
    '/static/../service.ts',
    '/static/%2e%2e/service.ts',
    '/static/..%5c..%5cservice.ts',
    '/static/',
    '/static/%00',
  ]),
  ...paths('JSON of', 404, /^\{"error":"no such product"\}$/, ['/product-meta/NOSUCHTHNG', '/product-meta/%00']),
  ...paths('search', 400, BAD_REQUEST, [`/search?q=${'x'.repeat(10_000)}`, '/search?q=%00', '/search?q=%ff']),
];

const ALLOWED: Readonly<Record<string, string>> = {
  '/_healthz': 'GET, HEAD',
  '/robots.txt': 'GET, HEAD',
  '/static/styles.css': 'GET, HEAD',
  '/': 'GET, HEAD',
  [`/product/${MUG}`]: 'GET, HEAD',
  '/search': 'GET, HEAD',
  '/cart': 'GET, HEAD, POST',
  '/cart/empty': 'POST',
  '/cart/checkout': 'POST',
  '/order/no-such': 'GET, HEAD',
  '/setCurrency': 'POST',
  '/logout': 'GET, HEAD',
  [`/product-meta/${MUG}`]: 'GET, HEAD',
};

/** Methods that a path does not support. */
export const badMethods: readonly BadRequest[] = [
  ...Object.entries(ALLOWED).flatMap(([target, allowed]) =>
    ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
      .filter((method) => !allowed.split(', ').includes(method))
      .map(
        (method): BadRequest => [
          `${method} ${target}`,
          { ...post(target, 'quantity=1'), method },
          405,
          METHOD_NOT_ALLOWED,
        ],
      ),
  ),
  ...Object.keys(ALLOWED).map((target): BadRequest => [`TRACE ${target}`, { method: 'TRACE', target }, 404, NOT_FOUND]),
  ['an unknown method', { method: 'BREW', target: '/cart' }, 400, BAD_REQUEST],
  ['a lower-case method', { method: 'get', target: '/cart' }, 400, BAD_REQUEST],
];

const POSTS: Readonly<Record<string, string>> = {
  '/cart': new URLSearchParams({ product_id: MUG, quantity: '1' }).toString(),
  '/cart/empty': '',
  '/cart/checkout': new URLSearchParams(checkoutForm()).toString(),
  '/setCurrency': 'currency_code=EUR',
};
const MULTIPART = '--x\r\nContent-Disposition: form-data; name="product_id"\r\n\r\n6E92ZMYYFZ\r\n--x--\r\n';

/** Bodies that are not forms or are too large. */
export const badBodies: readonly BadRequest[] = [
  ...Object.entries(POSTS).flatMap(([target, body]): BadRequest[] => [
    ...['application/json', 'text/plain', 'application/octet-stream', ';;', 'application/x-www-form-urlencodedx'].map(
      (type): BadRequest => [
        `${type} to ${target}`,
        { method: 'POST', target, headers: [`Content-Type: ${type}`], body: body === '' ? '{}' : body },
        415,
        UNSUPPORTED_TYPE,
      ],
    ),
    [
      `multipart to ${target}`,
      { method: 'POST', target, headers: ['Content-Type: multipart/form-data; boundary=x'], body: MULTIPART },
      415,
      UNSUPPORTED_TYPE,
    ],
    [`no type to ${target}`, { method: 'POST', target, body: body === '' ? 'a=1' : body }, 415, UNSUPPORTED_TYPE],
    [`2 MB to ${target}`, post(target, `${body}&more=${'x'.repeat(2_000_000)}`), 413, TOO_LARGE],
    [
      `a field twice to ${target}`,
      post(target, `${body}&city=Venezia&city=Mestre`),
      400,
      /The form contains &quot;city&quot; more than once\./,
    ],
  ]),
  ['100 kB', post('/cart', 'x'.repeat(100_000)), 413, TOO_LARGE],
  [
    '2 MB in chunks',
    {
      method: 'POST',
      target: '/cart',
      headers: [...formOf('').headers, 'Transfer-Encoding: chunked', '', `1e8480\r\n${'x'.repeat(2_000_000)}\r\n0\r\n`],
    },
    413,
    TOO_LARGE,
  ],
  ['a product twice', post('/cart', `product_id=${MUG}&product_id=${MUG}&quantity=1`), 400, BAD_REQUEST],
  ['HTML twice', post('/cart', `${encodeURIComponent(HTML)}=1&${encodeURIComponent(HTML)}=1`), 400, ESCAPED_HTML],
];

/** Cross-site forms with the cookie of the shopper. */
export const crossSite: readonly BadRequest[] = Object.entries(POSTS).flatMap(([target, body]) =>
  [
    ['Origin: https://evil.example'],
    ['Origin: null'],
    ['Origin: http://127.0.0.1:1'],
    ['Origin: http://127.0.0.1.evil.example'],
    [`Origin: ${HTML}`],
    ['Sec-Fetch-Site: cross-site'],
    ['Sec-Fetch-Site: same-site'],
    ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Site: same-origin'],
  ].map((headers): BadRequest => [`${target} with ${headers.join(', ')}`, post(target, body, headers), 403, ELSEWHERE]),
);

/** Forms with an invalid field. */
export const badFields: readonly BadRequest[] = [
  ...['0', '-1', '11', '2147483648', '1.5', '1e1', ' 1', '0x1', '\uff11', '', 'x'.repeat(10_000), '\u0000', HTML].map(
    (quantity): BadRequest => [
      `quantity ${JSON.stringify(quantity.slice(0, 20))}`,
      post('/cart', { product_id: MUG, quantity }),
      422,
      CHOOSE_QUANTITY,
    ],
  ),
  ['no quantity', post('/cart', { product_id: MUG }), 422, CHOOSE_QUANTITY],
  ['a quantity that is not UTF-8', post('/cart', `product_id=${MUG}&quantity=%ED%A0%80`), 422, CHOOSE_QUANTITY],
  ...['NOSUCHTHNG', '', '\u0000', 'x'.repeat(10_000), HTML].flatMap((id): BadRequest[] => [
    [`product ${JSON.stringify(id.slice(0, 20))}`, post('/cart', { product_id: id, quantity: '1' }), 404, NOT_FOUND],
    [
      `quantity 0 of product ${JSON.stringify(id.slice(0, 20))}`,
      post('/cart', { product_id: id, quantity: '0' }),
      404,
      NOT_FOUND,
    ],
  ]),
  ['no fields', post('/cart', ''), 404, NOT_FOUND],
  ...['XXX', 'usd', '', 'AED', 'BGN', 'USD ', '\u0000', 'x'.repeat(10_000), HTML].map(
    (code): BadRequest => [
      `currency ${JSON.stringify(code.slice(0, 20))}`,
      post('/setCurrency', { currency_code: code }),
      422,
      CURRENCY_NOT_OFFERED,
    ],
  ),
  ['no currency', post('/setCurrency', ''), 422, CURRENCY_NOT_OFFERED],
];

const card = (field: string, value: string, says: string): readonly [string, string, string] => [
  `credit_card_${field}`,
  value,
  says,
];
const tooLong = (field: string, max: number): readonly [string, string, string] => [
  field,
  'x'.repeat(max + 1),
  `Enter at most ${max} printable characters.`,
];
const BAD_CHECKOUT_FIELDS: readonly (readonly [field: string, value: string, says: string])[] = [
  ...[
    '',
    'someone',
    'some@one@example.com',
    'ann,bob@example.com',
    'a\u0000@example.com',
    `${'x'.repeat(250)}@example.com`,
    HTML,
  ].map((value) => ['email', value, 'Enter an e-mail address, such as someone@example.com.'] as const),
  ...['', '1', '12345678901', '94043\u0000', 'x'.repeat(10_000), HTML].map(
    (value) => ['zip_code', value, 'Enter 3 to 10 letters, digits, spaces or dashes.'] as const,
  ),
  ['street_address', '', 'Enter a street and number.'],
  ['city', ' ', 'Enter a city.'],
  ['country', '', 'Enter a country.'],
  tooLong('street_address', 512),
  ...['city', 'state', 'country'].map((field) => tooLong(field, 128)),
  ...['street_address', 'city', 'state', 'country'].map(
    (field) =>
      [field, 'a\u0007b', `Enter at most ${field === 'street_address' ? 512 : 128} printable characters.`] as const,
  ),
  ...['44328015615', '44328015615204540000', '', 'four', '4432\u0000801561520454', HTML].map((value) =>
    card('number', value, 'Enter the 12 to 19 digits of the card number.'),
  ),
  card('number', '4432801561520455', 'Check the card number: one of its digits is wrong.'),
  ...['13', '0', '-1', '', '1.0', HTML].map((value) => card('expiration_month', value, 'Choose a month from 1 to 12.')),
  ...['1999', '20', '', '99999', '-2030', HTML].map((value) =>
    card('expiration_year', value, 'Choose a year in which the card is still valid.'),
  ),
  ...['0', '000', '12', '12345', '-12', '', HTML].map((value) =>
    card('cvv', value, 'Enter the 3 or 4 digits on the card.'),
  ),
];

/** Checkout forms with one invalid field and the message next to it. */
export const badCheckoutForms: readonly BadRequest[] = BAD_CHECKOUT_FIELDS.map(([field, value, says]) => [
  `${field} ${JSON.stringify(value.slice(0, 20))}`,
  post('/cart/checkout', checkoutForm({ [field]: value })),
  422,
  new RegExp(`<p class="problem" id="${field}-problem">${says.replaceAll('.', '\\.')}</p>`),
]);
