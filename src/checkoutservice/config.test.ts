import { topology, upstreamsOf } from '../topology.ts';
import { readConfig } from './config.ts';

const ADDRESSES = Object.fromEntries(
  upstreamsOf('checkoutservice').map((name) => [topology[name].addressVariable, `${name}:${topology[name].port}`]),
);

describe('the configuration of the checkout service', () => {
  it('needs the addresses of its upstreams and nothing else', () => {
    const config = readConfig(ADDRESSES);
    expect(Object.values(config.upstreams)).toEqual(expect.arrayContaining(Object.values(ADDRESSES)));
    expect(config).toMatchObject({ server: { port: 5050 }, retries: true });
  });

  it.each(Object.keys(ADDRESSES))('is refused without %s', (name) => {
    expect(() => readConfig({ ...ADDRESSES, [name]: '' })).toThrow(`${name} is missing`);
  });

  it('turns retries off where a mesh retries', () => {
    expect(readConfig({ ...ADDRESSES, GRPC_RETRIES: 'off' }).retries).toBe(false);
  });
});
