import { status } from '@grpc/grpc-js';
import type { Product, ProductCatalogServiceDefinition } from '../../genproto/hipstershop/product_catalog.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { PeerCalls } from '../../lib/grpc/client.ts';
import { withFallback } from '../../lib/grpc/fallback.ts';
import { PeerError } from '../../lib/grpc/peer-error.ts';

/** The catalogue, as checkout needs it: the products asked for, without those that are gone. */
export type CatalogueClient = {
  readonly products: (ids: readonly string[], call: CallContext) => Promise<readonly Product[]>;
};

/** Adapts the catalogue. One without BatchGetProducts is asked for each product, all at once. */
export function catalogueClient(peer: PeerCalls<ProductCatalogServiceDefinition>, now: () => number): CatalogueClient {
  const one = async (id: string, call: CallContext): Promise<Product[]> => {
    try {
      return [await peer.getProduct({ id }, call)];
    } catch (error) {
      if (error instanceof PeerError && error.code === status.NOT_FOUND) return [];
      throw error;
    }
  };
  return {
    products: withFallback(
      now,
      async (ids: readonly string[], call: CallContext) =>
        (await peer.batchGetProducts({ ids: [...ids] }, call)).products,
      async (ids, call) => (await Promise.all(ids.map((id) => one(id, call)))).flat(),
    ),
  };
}
