import { serviceNames, startWaves, upstreamsOf } from '../topology.ts';
import { isLaunchable, upstreamAddresses } from './services.ts';

describe('the services that the launcher starts', () => {
  it('are all services except the load generator, each once', () => {
    const started = startWaves().flat();
    expect([...started].sort()).toEqual(serviceNames.filter((name) => name !== 'loadgenerator').sort());
  });

  it('start after their upstreams', () => {
    const seen = new Set<string>();
    for (const wave of startWaves()) {
      for (const name of wave) expect(upstreamsOf(name).filter((upstream) => !seen.has(upstream))).toEqual([]);
      for (const name of wave) seen.add(name);
    }
  });

  it('get the addresses of their upstreams in the variables of the topology', () => {
    expect(upstreamAddresses('recommendationservice', (upstream) => `${upstream}:1`)).toEqual({
      PRODUCT_CATALOG_SERVICE_ADDR: 'productcatalogservice:1',
    });
    expect(upstreamAddresses('cartservice', () => 'unused:1')).toEqual({});
  });

  it('are recognised by their names, and no other name is', () => {
    expect(isLaunchable('frontend')).toBe(true);
    expect(isLaunchable('loadgenerator')).toBe(false);
    expect(isLaunchable('toString')).toBe(false);
  });
});
