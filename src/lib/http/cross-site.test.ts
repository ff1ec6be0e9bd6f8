import { isOwnUrl, refuseCrossSite } from './cross-site.ts';

const send = (headers: Record<string, string>, method = 'POST') =>
  refuseCrossSite({ method, headers, host: 'shop.example:8080' });

describe('a form submission', () => {
  it.each([
    ['from a client that is no browser', {}],
    ['from our own page', { origin: 'http://shop.example:8080', 'sec-fetch-site': 'same-origin' }],
    ['from our own page, behind TLS', { origin: 'https://shop.example:8080' }],
    ['that the shopper sent by hand', { 'sec-fetch-site': 'none' }],
  ])('is accepted %s', (_what, headers: Record<string, string>) => {
    expect(() => send(headers)).not.toThrow();
  });

  it.each([
    ['another host', { origin: 'http://evil.example' }],
    ['another port', { origin: 'http://shop.example:8081' }],
    ['a host that begins like ours', { origin: 'http://shop.example:8080.evil.example' }],
    ['our host as a user name', { origin: 'http://shop.example:8080@evil.example' }],
    ['nowhere', { origin: 'null' }],
    ['an empty origin', { origin: '' }],
    ['another scheme', { origin: 'ftp://shop.example:8080' }],
    ['another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
    ['a sister site, as the browser says', { 'sec-fetch-site': 'same-site' }],
    ['a browser that contradicts itself', { origin: 'http://shop.example:8080', 'sec-fetch-site': 'cross-site' }],
  ])('is refused from %s', (_what, headers: Record<string, string>) => {
    expect(() => send(headers)).toThrow(expect.objectContaining({ statusCode: 403 }));
  });

  it('is checked, but a link from another site is not', () => {
    expect(() => send({ 'sec-fetch-site': 'cross-site' }, 'GET')).not.toThrow();
  });
});

describe('our own URL', () => {
  it.each([
    ['shop.example', 'https://shop.example/cart'],
    ['shop.example', 'http://shop.example:80/cart'],
    ['shop.example:443', 'https://shop.example/cart'],
    ['Shop.Example', 'http://shop.example/cart'],
    ['[::1]:8080', 'http://[::1]:8080/'],
  ])('of the host %s may be written %s', (host, url) => {
    expect(isOwnUrl({ host }, url)).toBe(true);
  });

  it.each([
    ['shop.example', 'https://shop.example:80/'],
    ['shop.example', '/cart'],
    ['', 'http://shop.example/'],
    ['', ''],
  ])('of the host %j is not %j', (host, url) => {
    expect(isOwnUrl({ host }, url)).toBe(false);
  });
});
