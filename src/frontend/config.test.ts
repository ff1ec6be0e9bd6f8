import { readConfig } from './config.ts';

const PEERS = {
  AD_SERVICE_ADDR: 'adservice:9555',
  CART_SERVICE_ADDR: 'cartservice:7070',
  CHECKOUT_SERVICE_ADDR: 'checkoutservice:5050',
  CURRENCY_SERVICE_ADDR: 'currencyservice:7000',
  PRODUCT_CATALOG_SERVICE_ADDR: 'productcatalogservice:3550',
  RECOMMENDATION_SERVICE_ADDR: 'recommendationservice:8080',
  SHIPPING_SERVICE_ADDR: 'shippingservice:50051',
};
const read = (env: Record<string, string> = {}) => readConfig({ ...PEERS, ...env });

describe('the configuration of the frontend', () => {
  it('needs its peers and nothing else', () => {
    expect(read()).toMatchObject({
      port: 8080,
      basePath: '',
      message: undefined,
      bannerColor: undefined,
      singleSharedSession: false,
      retries: true,
      upstreams: { cartservice: 'cartservice:7070', shippingservice: 'shippingservice:50051' },
    });
  });

  it('names every peer that is missing', () => {
    expect(() => readConfig({})).toThrow(
      new RegExp(
        Object.keys(PEERS)
          .map((name) => `(?=.*${name} is missing)`)
          .join(''),
        's',
      ),
    );
  });

  it.each([
    ['', ''],
    ['/', ''],
    ['/shop', '/shop'],
    ['/shop/', '/shop'],
    ['/a/b-c_d.e~f', '/a/b-c_d.e~f'],
  ])('reads BASE_URL=%j as %j', (value, basePath) => {
    expect(read({ BASE_URL: value }).basePath).toBe(basePath);
  });

  it.each(['shop', '//evil.example', '/a//b', '/a b', '/a?b', 'http://shop.example/', '/..', '/a/../b', '/.'])(
    'refuses BASE_URL=%j',
    (value) => {
      expect(() => read({ BASE_URL: value })).toThrow('BASE_URL');
    },
  );

  it.each(['teal', '#abc', '#a1b2c3'])('takes BANNER_COLOR=%s', (value) => {
    expect(read({ BANNER_COLOR: value }).bannerColor).toBe(value);
  });

  it.each(['red;}body{display:none', '#xyz', 'url(x)', '#ab c', 'red}'])('refuses BANNER_COLOR=%j', (value) => {
    expect(() => read({ BANNER_COLOR: value })).toThrow('BANNER_COLOR');
  });

  it('leaves retries to the mesh where there is one', () => {
    expect(read({ GRPC_RETRIES: 'off' }).retries).toBe(false);
  });
});
