import { readConfig } from './config.ts';

const ADDRESSES = {
  CART_SERVICE_ADDR: 'cart:7070',
  CURRENCY_SERVICE_ADDR: 'currency:7000',
  EMAIL_SERVICE_ADDR: 'email:5000',
  PAYMENT_SERVICE_ADDR: 'payment:50051',
  PRODUCT_CATALOG_SERVICE_ADDR: 'catalogue:3550',
  SHIPPING_SERVICE_ADDR: 'shipping:50051',
};

describe('the configuration of the checkout service', () => {
  it('needs the addresses of all its peers and nothing else', () => {
    const config = readConfig(ADDRESSES);
    expect(Object.values(config.upstreams)).toEqual(expect.arrayContaining(Object.values(ADDRESSES)));
    expect(config).toMatchObject({ server: { port: 5050 }, retries: true });
  });

  it.each(Object.keys(ADDRESSES))('is none without %s', (name) => {
    expect(() => readConfig({ ...ADDRESSES, [name]: '' })).toThrow(`${name} is missing`);
  });

  it('leaves retries to a mesh that makes them', () => {
    expect(readConfig({ ...ADDRESSES, GRPC_RETRIES: 'off' }).retries).toBe(false);
  });
});
