import { eventually } from '../../src/lib/testing/eventually.ts';
import { testRuntime } from '../../src/lib/testing/test-runtime.ts';
import { readConfig } from '../../src/recommendationservice/config.ts';
import { start } from '../../src/recommendationservice/service.ts';
import { isUnavailable, startCallee } from './callee.ts';
import { startProxyTo } from './proxy-to.ts';

const CATALOGUE = 'productcatalogservice';

/** Lets recommendationservice try to load the catalogue once. Returns the number of attempts at the catalogue. */
async function attempts(layers: { client: 'on' | 'off'; proxy: 'on' | 'off' }): Promise<number> {
  await using callee = await startCallee(CATALOGUE, isUnavailable);
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

describe('a read from a service that is unavailable', () => {
  it('makes three attempts when only the mesh retries (GRPC_RETRIES=off)', async () => {
    expect(await attempts({ client: 'off', proxy: 'on' })).toBe(3);
  });

  it('makes three attempts when only the client retries (no mesh)', async () => {
    expect(await attempts({ client: 'on', proxy: 'off' })).toBe(3);
  });

  it('makes nine attempts when both retry, which GRPC_RETRIES=off prevents', async () => {
    expect(await attempts({ client: 'on', proxy: 'on' })).toBe(9);
  });
});
