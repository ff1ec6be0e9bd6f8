import fc from 'fast-check';
import { anyText } from '../../lib/testing/any-text.ts';
import { safeReferer } from './safe-referer.ts';

const HOST = 'shop.example:8080';
const back = (referer: string | undefined, basePath = '') => safeReferer({ host: HOST }, referer, basePath);

describe('safeReferer', () => {
  it.each([
    ['http://shop.example:8080/', '/'],
    ['http://shop.example:8080/product/1YMWWN1N4O', '/product/1YMWWN1N4O'],
    ['http://shop.example:8080/search?q=salt+%26+pepper', '/search?q=salt+%26+pepper'],
    ['https://shop.example:8080/cart', '/cart'],
    ['http://shop.example:8080', '/'],
  ])('returns for %s the path %s', (referer, path) => {
    expect(back(referer)).toBe(path);
  });

  it.each(['/cart/checkout', '/cart/empty', '/setCurrency'])(
    'returns the cart for a path that accepts only POST: %s',
    (path) => {
      expect(back(`http://${HOST}${path}`)).toBe('/cart');
    },
  );

  it.each([
    undefined,
    '',
    'about:blank',
    'http://evil.example/cart',
    'http://shop.example/cart',
    'http://shop.example:8081/cart',
    'http://shop.example:8080@evil.example/cart',
    'http://shop.example:8080.evil.example/cart',
    '//shop.example:8080/cart',
    'javascript://shop.example:8080/%0aalert(1)',
  ])('returns undefined for %j', (referer) => {
    expect(back(referer)).toBeUndefined();
  });

  it.each(['//evil.example', '/\\evil.example', '/%2e//evil.example', '/..//evil.example', '/\t/evil.example'])(
    'returns the home page for a path that browsers resolve to another host: %j',
    (path) => {
      expect(back(`http://${HOST}${path}`)).toBe('/');
    },
  );

  it('returns the path below the base path, and undefined for paths outside it', () => {
    expect(back(`http://${HOST}/shop/cart?x=1`, '/shop')).toBe('/cart?x=1');
    expect(back(`http://${HOST}/shop`, '/shop')).toBe('/');
    expect(back(`http://${HOST}/shop/`, '/shop')).toBe('/');
    expect(back(`http://${HOST}/shop//evil.example`, '/shop')).toBe('/');
    expect(back(`http://${HOST}/shopping/cart`, '/shop')).toBeUndefined();
    expect(back(`http://${HOST}/shop/../cart`, '/shop')).toBeUndefined();
    expect(back(`http://${HOST}/cart`, '/shop')).toBeUndefined();
  });

  it('returns only paths of this shop, for arbitrary input', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '..',
      '.',
      '%2f',
      '%5c',
      '@',
      ':',
      '?',
      '#',
      'evil.example',
      '\t',
      'cart',
      HOST,
    );
    const referer = fc.oneof(
      fc.array(piece).map((pieces) => `http://${HOST}/${pieces.join('')}`),
      fc.array(piece).map((pieces) => `http://${pieces.join('')}`),
      fc.tuple(fc.webAuthority(), anyText()).map(([authority, path]) => `https://${authority}/${path}`),
      anyText(),
    );
    fc.assert(
      fc.property(referer, fc.constantFrom('', '/shop'), (from, basePath) => {
        const path = back(from, basePath);
        if (path === undefined) return;
        const target = new URL(`${basePath}${path}`, `http://${HOST}${basePath}/setCurrency`);
        expect(target.host).toBe(HOST);
        expect(target.pathname.startsWith(`${basePath}/`)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
