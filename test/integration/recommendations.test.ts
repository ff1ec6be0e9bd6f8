import { ProductCatalogServiceDefinition } from '../../src/genproto/hipstershop/product_catalog.ts';
import { RecommendationServiceDefinition } from '../../src/genproto/hipstershop/recommendation.ts';
import { healthOf } from '../../src/lib/grpc/health-of.ts';
import type { RunningService } from '../../src/lib/runtime/runtime.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { freePort } from '../../src/lib/testing/free-port.ts';
import { failureOfCall, testClient } from '../../src/lib/testing/test-client.ts';
import { TEST_START_MS, testRuntime } from '../../src/lib/testing/test-runtime.ts';
import { readConfig as readProductCatalogConfig } from '../../src/productcatalogservice/config.ts';
import { start as startProductCatalogService } from '../../src/productcatalogservice/service.ts';
import { readConfig as readRecommendationConfig } from '../../src/recommendationservice/config.ts';
import { start as startRecommendationService } from '../../src/recommendationservice/service.ts';

const startCatalogue = async (port: number): Promise<RunningService> =>
  await startProductCatalogService(readProductCatalogConfig({ HOST: '127.0.0.1', PORT: String(port) }), testRuntime());

describe('recommendations of the real catalogue', () => {
  it('are available after the catalogue has started, and also after it has stopped', async () => {
    // The recommendation service has to know the address before the catalogue starts there.
    const port = await freePort();
    const address = `127.0.0.1:${port}`;
    const runtime = testRuntime();
    const config = readRecommendationConfig({ HOST: '127.0.0.1', PORT: '0', PRODUCT_CATALOG_SERVICE_ADDR: address });
    await using service = await startRecommendationService(config, runtime);
    using recommendations = testClient(RecommendationServiceDefinition, service.address);
    const list = (productIds: string[]) => recommendations.listRecommendations({ userId: 'ann', productIds });

    expect(await failureOfCall(list([]))).toBe('UNAVAILABLE CATALOGUE_UNAVAILABLE');
    expect(await healthOf(service.address)).toBe('NOT_SERVING');

    const catalogue = await startCatalogue(port);
    await eventually('the service is ready', async () => (await healthOf(service.address)) === 'SERVING');
    using client = testClient(ProductCatalogServiceDefinition, address);
    const { products } = await client.listProducts({});
    const mug = products.find(({ name }) => name === 'Mug');
    const response = await list([mug?.id ?? '']);
    expect(response.productIds).toHaveLength(5);
    expect(response.productIds).not.toContain(mug?.id);
    expect(response.products).toEqual(response.productIds.map((id) => products.find((product) => product.id === id)));

    await catalogue[Symbol.asyncDispose]();
    runtime.setNow(TEST_START_MS + 3_600_000);
    expect((await list([])).productIds).toHaveLength(5);
    expect(await healthOf(service.address)).toBe('SERVING');
  });
});
