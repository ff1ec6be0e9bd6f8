import { eventually } from '../../src/lib/testing/eventually.ts';
import { testRuntime } from '../../src/lib/testing/test-runtime.ts';
import { readConfig } from '../../src/recommendationservice/config.ts';
import { start } from '../../src/recommendationservice/service.ts';
import { isAway, startCallee } from './callee.ts';
import { startProxyTo } from './proxy-to.ts';

const CATALOGUE = 'productcatalogservice';

/** Lets the recommendation service load the catalogue once, in vain; answers how often the catalogue was asked. */
async function attempts(layers: { client: 'on' | 'off'; proxy: 'on' | 'off' }): Promise<number> {
  await using callee = await startCallee(CATALOGUE, isAway);
  await using proxy = await startProxyTo(CATALOGUE, [callee.address]);
  const runtime = testRuntime({ service: 'recommendationservice' });
  const config = readConfig({
    HOST: '127.0.0.1',
    PORT: '0',
    PRODUCT_CATALOG_SERVICE_ADDR: layers.proxy === 'on' ? proxy.address : callee.address,
    GRPC_RETRIES: layers.client,
  });
  await using _service = await start(config, runtime);
  await eventually('a load has failed', () =>
    runtime.logs.lines.some(({ msg }) => msg === 'catalogue not loaded, retrying'),
  );
  return callee.attempts.length;
}

describe('a service that is away is asked for a read', () => {
  it('three times where the mesh repeats: with GRPC_RETRIES=off', async () => {
    expect(await attempts({ client: 'off', proxy: 'on' })).toBe(3);
  });

  it('three times where the client repeats: without a mesh', async () => {
    expect(await attempts({ client: 'on', proxy: 'off' })).toBe(3);
  });

  it('nine times where both do: what GRPC_RETRIES=off is for', async () => {
    expect(await attempts({ client: 'on', proxy: 'on' })).toBe(9);
  });
});
