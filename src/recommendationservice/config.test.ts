import { readConfig } from './config.ts';

const env = { PRODUCT_CATALOG_SERVICE_ADDR: 'productcatalogservice:3550' };

describe('the configuration of the recommendation service', () => {
  it('listens on 8080 and retries by default', () => {
    const config = readConfig(env);
    expect(config.server.port).toBe(8080);
    expect(config.retries).toBe(true);
    expect(config.upstreams).toEqual({ productcatalogservice: 'productcatalogservice:3550' });
  });

  it('leaves retries to a mesh', () => {
    expect(readConfig({ ...env, GRPC_RETRIES: 'off' }).retries).toBe(false);
  });

  it('requires the address of the catalogue', () => {
    expect(() => readConfig({})).toThrow('PRODUCT_CATALOG_SERVICE_ADDR is missing: expected host:port');
    expect(() => readConfig({ PRODUCT_CATALOG_SERVICE_ADDR: 'here' })).toThrow('expected host:port');
  });
});
