import { topology, upstreamsOf } from '../topology.ts';
import { readConfig } from './config.ts';

const UPSTREAMS = Object.fromEntries(
  upstreamsOf('frontend').map((name) => [topology[name].addressVariable, `${name}:${topology[name].port}`]),
);
const read = (env: Record<string, string> = {}) => readConfig({ ...UPSTREAMS, ...env });

describe('the configuration of the frontend', () => {
  it('requires only the addresses of the upstreams', () => {
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

  it('reports the address of every missing upstream', () => {
    expect(() => readConfig({})).toThrow(
      new RegExp(
        Object.keys(UPSTREAMS)
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

  it.each(['teal', '#abc', '#a1b2c3'])('accepts BANNER_COLOR=%s', (value) => {
    expect(read({ BANNER_COLOR: value }).bannerColor).toBe(value);
  });

  it.each(['red;}body{display:none', '#xyz', 'url(x)', '#ab c', 'red}'])('refuses BANNER_COLOR=%j', (value) => {
    expect(() => read({ BANNER_COLOR: value })).toThrow('BANNER_COLOR');
  });

  it('multiplies the time of pages, optional parts and orders by TIME_BUDGET_FACTOR, and not that of readiness', () => {
    const { budgets } = read({ TIME_BUDGET_FACTOR: '2.5' });
    expect(budgets).toEqual({ pageMs: 7500, checkoutMs: 25_000, optionalPartMs: 1500, readinessMs: 1000 });
    expect(() => read({ TIME_BUDGET_FACTOR: '0' })).toThrow('TIME_BUDGET_FACTOR=0: expected a decimal number');
  });

  it('disables retries for GRPC_RETRIES=off', () => {
    expect(read({ GRPC_RETRIES: 'off' }).retries).toBe(false);
  });
});
