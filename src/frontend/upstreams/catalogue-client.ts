import { status } from '@grpc/grpc-js';
import type { ProductCatalogServiceDefinition } from '../../genproto/hipstershop/product_catalog.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { UpstreamCalls } from '../../lib/grpc/client.ts';
import { withFallback } from '../../lib/grpc/fallback.ts';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';
import { inBatches } from './in-batches.ts';
import type { Product, ProductReader } from './product.ts';

/** The catalogue, as the pages need it. */
export type CatalogueClient = {
  readonly list: (call: CallContext) => Promise<readonly Product[]>;
  /** Returns `undefined` when the product does not exist or has no usable price. */
  readonly find: (id: string, call: CallContext) => Promise<Product | undefined>;
  readonly search: (query: string, call: CallContext) => Promise<readonly Product[]>;
  /** Returns the products that exist, in the order of the ids. */
  readonly batch: (ids: readonly string[], call: CallContext) => Promise<readonly Product[]>;
};

/** Adapts the catalogue. Without BatchGetProducts it makes one call per product, in parallel. */
export function catalogueClient(
  upstream: UpstreamCalls<ProductCatalogServiceDefinition>,
  deps: { read: ProductReader; now: () => number },
): CatalogueClient {
  const { read, now } = deps;
  const find = async (id: string, call: CallContext): Promise<Product | undefined> => {
    try {
      return read([await upstream.getProduct({ id }, call)])[0];
    } catch (error) {
      // A malformed id names no product either.
      if (
        error instanceof UpstreamError &&
        (error.code === status.NOT_FOUND || error.code === status.INVALID_ARGUMENT)
      ) {
        return undefined;
      }
      throw error;
    }
  };
  const batch = withFallback(
    now,
    async (ids: readonly string[], call: CallContext): Promise<readonly Product[]> =>
      read((await upstream.batchGetProducts({ ids: [...ids] }, call)).products),
    async (ids, call) =>
      (await Promise.all(ids.map((id) => find(id, call)))).filter((product) => product !== undefined),
  );
  return {
    list: async (call) => read((await upstream.listProducts({}, call)).products),
    find,
    search: async (query, call) => read((await upstream.searchProducts({ query }, call)).results),
    batch: async (ids, call) => await inBatches(ids, (some) => batch(some, call)),
  };
}
