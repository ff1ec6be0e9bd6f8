import type { ProductCatalogServiceDefinition } from '../genproto/hipstershop/product_catalog.ts';
import type { Handlers } from '../lib/grpc/server.ts';
import { testCall } from '../lib/testing/test-client.ts';
import { catalogueOf } from './catalogue.ts';
import { withExtraLatency } from './extra-latency.ts';
import { productCatalogHandlers } from './handlers.ts';
import { readProducts } from './products.ts';

const handlers: Handlers<ProductCatalogServiceDefinition> = productCatalogHandlers({
  catalogue: catalogueOf(readProducts()),
});

describe('the extra latency of the product catalogue', () => {
  it.each([
    ['ListProducts', 'listProducts', {}],
    ['GetProduct', 'getProduct', { id: '6E92ZMYYFZ' }],
    ['SearchProducts', 'searchProducts', { query: 'mug' }],
    ['BatchGetProducts', 'batchGetProducts', { ids: [] }],
  ] as const)('delays %s once, and the response is the same', async (_name, rpc, request) => {
    const delays: number[] = [];
    const slow = withExtraLatency(handlers, 60_000, async (ms) => void delays.push(ms));
    using call = testCall();
    const response = await slow[rpc](request as never, call);
    expect(delays).toEqual([60_000]);
    expect(response).toEqual(await handlers[rpc](request as never, call));
  });

  it('ends with the call: a cancelled call does not reach its handler', async () => {
    const reached: string[] = [];
    const getProduct: Handlers<ProductCatalogServiceDefinition>['getProduct'] = async (request, call) => {
      reached.push(request.id);
      return await handlers.getProduct(request, call);
    };
    const slow: typeof handlers = withExtraLatency<ProductCatalogServiceDefinition>(
      { ...handlers, getProduct },
      60_000,
    );
    const call = testCall();
    const response = expect(slow.getProduct({ id: '6E92ZMYYFZ' }, call)).rejects.toMatchObject({ name: 'AbortError' });
    call[Symbol.dispose]();
    await response;
    expect(reached).toEqual([]);
  });

  it('leaves the handlers unchanged when it is 0', () => {
    expect(withExtraLatency(handlers, 0)).toBe(handlers);
  });
});
