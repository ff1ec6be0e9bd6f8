import fc from 'fast-check';
import { type CookieJar, cookieHeader, storeCookies } from './jar.ts';

const NOW = Date.UTC(2026, 10, 23);
const at = (path = '/', nowMs = NOW) => ({ path, nowMs });
const jarOf = (...headers: string[]): CookieJar => storeCookies([], headers, at());

describe('the cookies of a shopper', () => {
  it('are sent back unchanged', () => {
    const jar = jarOf('shop_session-id=1-2-3; Path=/; Max-Age=172800; HttpOnly; SameSite=Lax', 'shop_currency="E=R"');
    expect(cookieHeader(jar, at())).toBe('shop_session-id=1-2-3; shop_currency="E=R"');
  });

  it('are not sent when there are none', () => {
    expect(cookieHeader([], at())).toBeUndefined();
    expect(cookieHeader(jarOf('a=1; Path=/cart'), at('/'))).toBeUndefined();
  });

  it('hold the last value of each name', () => {
    const once = fc.record({ name: fc.constantFrom('a', 'b', 'c'), value: fc.stringMatching(/^[\w-]{0,8}$/) });
    fc.assert(
      fc.property(fc.array(once, { minLength: 1 }), (cookies) => {
        const jar = cookies.reduce<CookieJar>(
          (held, { name, value }) => storeCookies(held, [`${name}=${value}; Path=/`], at()),
          [],
        );
        const sent = Object.fromEntries((cookieHeader(jar, at()) ?? '').split('; ').map((pair) => pair.split('=')));
        expect(sent).toEqual(Object.fromEntries(cookies.map(({ name, value }) => [name, value])));
      }),
    );
  });

  it('expire after Max-Age', () => {
    const jar = jarOf('a=1; Max-Age=60');
    expect(cookieHeader(jar, at('/', NOW + 59_999))).toBe('a=1');
    expect(cookieHeader(jar, at('/', NOW + 60_000))).toBeUndefined();
  });

  it('expire at Expires, unless Max-Age is present', () => {
    const expires = new Date(NOW + 60_000).toUTCString();
    expect(cookieHeader(jarOf(`a=1; Expires=${expires}`), at('/', NOW + 60_000))).toBeUndefined();
    expect(cookieHeader(jarOf(`a=1; expires=${expires}`), at('/', NOW + 59_999))).toBe('a=1');
    expect(cookieHeader(jarOf(`a=1; Expires=${expires}; Max-Age=90`), at('/', NOW + 60_000))).toBe('a=1');
  });

  it.each(['a=; Max-Age=0', 'a=; Max-Age=-1', 'a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT'])(
    'are taken away by %s',
    (header) => {
      expect(storeCookies(jarOf('a=1', 'b=2'), [header], at())).toEqual(jarOf('b=2'));
    },
  );

  it('are session cookies when their expiry is malformed', () => {
    expect(cookieHeader(jarOf('a=1; Max-Age=soon; Expires=later'), at('/', NOW * 2))).toBe('a=1');
  });

  it.each([
    ['/cart', '/cart', true],
    ['/cart', '/cart/checkout', true],
    ['/cart/', '/cart/checkout', true],
    ['/cart', '/cartoon', false],
    ['/cart', '/', false],
  ])('with the path %s, requested at %s, are sent: %s', (path, asked, sent) => {
    expect(cookieHeader(jarOf(`a=1; Path=${path}`), at(asked))).toBe(sent ? 'a=1' : undefined);
  });

  it.each([
    ['/', '/'],
    ['/cart', '/'],
    ['/cart/checkout', '/cart'],
  ])('without a path, from a response to %s, get the path %s', (asked, path) => {
    expect(storeCookies([], ['a=1', 'b=1; Path=relative'], at(asked))).toMatchObject([{ path }, { path }]);
  });

  it('with one name and two paths are two cookies, sent with the longer path first', () => {
    expect(cookieHeader(jarOf('a=1; Path=/', 'a=2; Path=/cart'), at('/cart'))).toBe('a=2; a=1');
  });

  it.each(['', '=1', 'nothing', ' ; Path=/', 'a=1; Path=/; Secure'])('are not stored for the header "%s"', (header) => {
    expect(jarOf(header)).toEqual([]);
  });
});
